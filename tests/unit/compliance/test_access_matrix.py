"""Who may see what: every cell of the matrix."""

from itertools import product

from compliance.access import NOT_FOUND, AccessPurpose, FieldClass, Permission, Relation, matrix, may
from domain.party import Role
from tests.together import together

STAFF = [role for role in Role if role.is_staff]


def _fields(role: Role, relation: Relation, purpose: AccessPurpose, permission: Permission) -> set[FieldClass]:
    return {field for field in FieldClass if may(role, relation, field, purpose).permission is permission}


PROFILE = {
    FieldClass.IDENTITY,
    FieldClass.CONTACT,
    FieldClass.PRODUCTS,
    FieldClass.RISK,
    FieldClass.NEEDS,
    FieldClass.CONVERSATION,
}
MONEY = {FieldClass.ASSETS, FieldClass.TRANSACTIONS}


#: What is expected, written down a second time as sets: (role, relation, purpose) -> (at once, after step-up).
EXPECTED = {
    (Role.CUSTOMER, Relation.SELF, AccessPurpose.OWN): (PROFILE | MONEY, set()),
    **{(Role.RM, Relation.OWN_BOOK, purpose): (PROFILE, MONEY) for purpose in (AccessPurpose.SERVICE, AccessPurpose.RELATIONSHIP)},
    **{
        (Role.MANAGER, relation, purpose): (PROFILE, MONEY)
        for relation in (Relation.OWN_BOOK, Relation.OWN_BRANCH)
        for purpose in (AccessPurpose.SERVICE, AccessPurpose.RELATIONSHIP, AccessPurpose.SUPERVISION)
    },
    (Role.TELLER, Relation.OWN_BRANCH, AccessPurpose.SERVICE): ({FieldClass.IDENTITY, FieldClass.PRODUCTS}, set()),
    (Role.LOBBY, Relation.OWN_BRANCH, AccessPurpose.SERVICE): ({FieldClass.IDENTITY, FieldClass.PRODUCTS}, set()),
    **{
        (Role.COMPLIANCE, relation, AccessPurpose.INVESTIGATION): (set(FieldClass), set())
        for relation in (Relation.OWN_BOOK, Relation.OWN_BRANCH, Relation.OTHER)
    },
}


@together(product(Role, Relation, AccessPurpose))
def test_every_cell_is_as_written_down(role: Role, relation: Relation, purpose: AccessPurpose) -> None:
    at_once, after_step_up = EXPECTED.get((role, relation, purpose), (set(), set()))

    assert _fields(role, relation, purpose, Permission.ALLOW) == at_once
    assert _fields(role, relation, purpose, Permission.ALLOW_AFTER_STEP_UP) == after_step_up


def test_the_matrix_is_total() -> None:
    cells = [cell for cell, _ in matrix()]

    assert len(cells) == len(set(cells)) == len(Role) * len(Relation) * len(FieldClass) * len(AccessPurpose)
    assert all(access.reason for _, access in matrix())


def test_aml_is_for_compliance_alone() -> None:
    seen_by = {cell[0] for cell, access in matrix() if cell[2] is FieldClass.AML and access.permission is not Permission.DENY}

    assert seen_by == {Role.COMPLIANCE}


def test_a_customer_of_another_rm_is_as_if_he_did_not_exist() -> None:
    for relation in (Relation.OTHER, Relation.OWN_BRANCH):
        for field in FieldClass:
            for purpose in AccessPurpose:
                assert may(Role.RM, relation, field, purpose).reason == NOT_FOUND


def test_a_teller_is_told_what_the_role_lacks() -> None:
    access = may(Role.TELLER, Relation.OWN_BRANCH, FieldClass.ASSETS, AccessPurpose.SERVICE)

    assert access.permission is Permission.DENY
    assert access.reason == "您的权限不含资产信息"


def test_a_denial_does_not_tell_a_customer_that_there_is_aml_work() -> None:
    assert "洗钱" not in may(Role.CUSTOMER, Relation.SELF, FieldClass.AML, AccessPurpose.OWN).reason


def test_money_needs_the_second_factor_for_every_seller() -> None:
    for role in (Role.RM, Role.MANAGER):
        for relation in Relation:
            for purpose in AccessPurpose:
                for field in MONEY:
                    assert not may(role, relation, field, purpose).at_once
