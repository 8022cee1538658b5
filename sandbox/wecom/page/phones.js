"use strict";
// Three phones. Everything shown comes from /_sandbox/phones/seen; everything done goes to /_sandbox/phones/<role>/<action>.

const LOOK_S = 1;
const state = { members: [], customers: [], accounts: {}, servicers: [], seen: 0, waited: new Set() };
const section = (role) => document.getElementById(role);
const part = (role, name) => section(role).querySelector("." + name);

async function ask(path, given) {
  const options = given === undefined ? {} : { method: "POST", body: JSON.stringify(given) };
  const answer = await fetch("/_sandbox" + path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

function tell(trouble) {
  const line = document.getElementById("trouble");
  line.hidden = !trouble;
  line.textContent = trouble ? "没有做成：" + trouble : "";
}

// What somebody did and what became of it: the line about a trouble stays until something else is done.
const act = (role, action, given) => ask(`/phones/${role}/${action}`, given).then(() => tell(""), (error) => tell(error.message)).then(refresh).catch(() => {});
const person = (role) => part(role, "person").value;
const chat = (role) => part(role, "chat").value;
const nameOf = (id) => {
  const found = state.members.find((m) => m.userid === id) || state.customers.find((c) => c.external_userid === id);
  return found ? found.name : state.accounts[id] || id;
};

function make(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  return element;
}

function fill(select, options) {
  const key = JSON.stringify(options);
  if (select.dataset.options === key) return;
  const before = select.value;
  select.replaceChildren(...options.map(([value, label]) => make("option", label, { value })));
  if (options.some(([value]) => value === before)) select.value = before;
  select.dataset.options = key;
}

// What a message looks like, by kind.

const choices = (list) => {
  const box = make("div", "", { class: "choices" });
  box.append(...list);
  return box;
};

function mediaOf(kind, body) {
  const address = "/_sandbox/phones/media?media_id=" + encodeURIComponent(body.media_id || "");
  if (kind === "image") return [make("img", "", { src: address, alt: "图片" })];
  return [make("a", { voice: "语音", video: "视频", file: "文件" }[kind] + "，点开", { href: address })];
}

function menuOf(menu) {
  const items = (menu.list || []).map((item) => {
    const inner = item[item.type] || {};
    if (item.type === "click") {
      const given = () => ({ customer: person("customer"), open_kfid: chat("customer").slice(3), text: inner.content, menu_id: inner.id || "" });
      return make("button", inner.content, { type: "button", onclick: () => act("customer", "say", given()) });
    }
    if (item.type === "view") return make("a", inner.content, { href: inner.url, target: "_blank", rel: "noreferrer" });
    return make("span", inner.content);
  });
  return [make("div", menu.head_content), choices(items), make("div", menu.tail_content)];
}

function cardOf(entry) {
  const card = entry.body.template_card;
  const title = card.main_title || {};
  const parts = [make("h3", title.title || "通知"), make("small", title.desc || card.sub_title_text || "")];
  for (const row of card.horizontal_content_list || []) parts.push(make("small", `${row.keyname}：${row.value || row.userid || ""}`));
  if (entry.body.replaced) return [...parts, make("small", "✓ " + entry.body.replaced)];
  const press = (key, selected) => act("member", "press", { member: person("member"), msgid: entry.msgid, key, selected });
  const opens = (button) => make("a", button.text, { href: button.url, target: "_blank", rel: "noreferrer" });
  const presses = (button) => make("button", button.text, { type: "button", onclick: () => press(button.key) });
  const buttons = (card.button_list || []).map((button) => (button.type === 1 ? opens : presses)(button));
  const questions = card.checkbox ? [card.checkbox] : card.select_list || [];
  const asked = questions.map((question) => {
    const select = make("select", "", question === card.checkbox && card.checkbox.mode === 1 ? { multiple: "" } : {});
    select.append(...question.option_list.map((option) => make("option", option.text || option.id, { value: option.id })));
    return [question.question_key, select];
  });
  if (card.submit_button) {
    const selected = () => Object.fromEntries(asked.map(([key, select]) => [key, [...select.selectedOptions].map((option) => option.value)]));
    buttons.push(make("button", card.submit_button.text, { type: "button", onclick: () => press(card.submit_button.key, selected()) }));
  }
  return [...parts, choices([...asked.map(([, select]) => select), ...buttons])];
}

function massOf(entry) {
  const parts = [make("div", (entry.body.text || {}).content || "［附件］")];
  const extra = (entry.body.attachments || []).length;
  if (extra) parts.push(make("small", `附件 ${extra} 个`));
  return parts;
}

function taskOf(entry) {
  const who = (entry.customers || []).map(nameOf).join("、");
  const head = { mass_task: "群发任务", mass_reminder: "群发提醒", moment_task: "朋友圈任务" }[entry.kind];
  const done = entry.kind === "moment_task"
    ? () => act("member", "publish_moment", { member: person("member"), moment_id: entry.msgid })
    : () => act("member", "confirm_mass", { member: person("member"), msgid: entry.msgid });
  const label = entry.kind === "moment_task" ? "发表" : "确认发送";
  return [make("h3", head), make("small", who ? "发给 " + who : ""), ...massOf(entry), choices([make("button", label, { type: "button", onclick: done })])];
}

function contentOf(entry) {
  const body = entry.body || {};
  const inner = body[body.msgtype] || {};
  switch (entry.kind) {
    case "text": case "markdown": return [make("span", inner.content)];
    case "image": case "voice": case "video": case "file": return mediaOf(entry.kind, inner);
    case "msgmenu": return menuOf(inner);
    case "template_card": return cardOf(entry);
    case "textcard": return [make("h3", inner.title), make("small", inner.description), make("a", inner.btntxt || "详情", { href: inner.url, target: "_blank", rel: "noreferrer" })];
    case "link": return [make("a", inner.title, { href: inner.url, target: "_blank", rel: "noreferrer" }), make("small", inner.desc || "")];
    case "welcome": case "mass": return massOf(entry);
    case "moment": return [make("small", "朋友圈"), ...massOf(entry)];
    case "mass_task": case "mass_reminder": case "moment_task": return taskOf(entry);
    case "kf_waiting": return [make("span", `${nameOf(entry.customer)} 在排队`)];
    case "kf_assigned": return [make("span", `${nameOf(entry.customer)} 已分配给您`)];
    case "kf_ended": return [make("span", "会话已结束")];
    case "kf_upgrade": return [make("span", "建议把专属客户经理名片发给客户")];
    case "transfer": return [make("span", `您的客户经理将由${nameOf(entry.body.from)}换成${nameOf(entry.body.to)}，24 小时后生效`)];
    default: return [make("span", "［" + entry.kind + "］")];
  }
}

function show(role, entries) {
  const log = part(role, "log");
  const key = JSON.stringify(entries) + person(role) + chat(role);
  if (log.dataset.shown === key) return;
  log.dataset.shown = key;
  if (!entries.length) {
    log.replaceChildren(make("p", "这里还没有消息", { class: "nothing" }));
    return;
  }
  log.replaceChildren(...entries.map((entry) => {
    const side = entry.by === "me" ? " mine" : entry.by === "system" ? " system" : "";
    const box = make("div", "", { class: "entry" + side + (entry.recalled ? " recalled" : "") });
    box.append(...contentOf(entry));
    // A menu on the servicer's phone is the customer's to press.
    if (role === "servicer") box.querySelectorAll("button").forEach((item) => { item.disabled = true; });
    return box;
  }));
  log.scrollTop = log.scrollHeight;
}

function handing(others, hand) {
  const select = make("select", "", { "aria-label": "转给" });
  select.append(make("option", "转给…", { value: "" }), ...others.map((row) => make("option", nameOf(row.userid), { value: row.userid })));
  select.addEventListener("change", () => select.value && hand(select.value));
  return select;
}

const button = (label, onclick) => make("button", label, { type: "button", onclick });

function picker(label, type, accept) {
  const box = make("label", label);
  const input = make("input", "", { type: "file", accept });
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    await act("customer", "send_file", { customer: person("customer"), open_kfid: chat("customer").slice(3), type, name: file.name, base64: btoa(text) });
  });
  box.append(input);
  return box;
}

function tools(role, key, made) {
  const box = part(role, "tools");
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.replaceChildren(...made());
}

const everyOwner = (owner) => ask("/phones/seen?owner=" + encodeURIComponent(owner));

async function refreshCustomer() {
  const who = person("customer");
  const friends = await ask("/phones/customer/contacts", { customer: who });
  const kf = Object.entries(state.accounts).map(([id, name]) => ["kf:" + id, name]);
  const members = state.members.map((member) => ["member:" + member.userid, member.name + (friends.includes(member.userid) ? "" : "（未添加）")]);
  fill(part("customer", "chat"), [...kf, ...members]);
  const where = chat("customer");
  show("customer", (await everyOwner("customer:" + who)).filter((entry) => entry.where === where));
  const isKf = where.startsWith("kf:");
  const given = () => ({ customer: who, open_kfid: where.slice(3), member: where.slice(7) });
  section("customer").querySelector("form").hidden = !isKf;
  tools("customer", who + where + friends.join(), () => isKf
    ? [button("进入会话", () => act("customer", "enter", given())), picker("图片", "image", "image/*"), picker("语音", "voice", ".amr"), picker("文件", "file", "")]
    : friends.includes(where.slice(7))
      ? [button("删除好友", () => act("customer", "remove", given())), button("拒绝换经理", () => act("customer", "refuse_transfer", given()))]
      : [button("添加好友", () => act("customer", "add", given()))]);
}

async function refreshMember() {
  const who = person("member");
  const [mine, menu] = await Promise.all([ask("/phones/member/customers", { member: who }), ask("/phones/member/menu", {})]);
  fill(part("member", "chat"), [["app", "应用"], ["mass", "群发与朋友圈"], ["contacts", "我的客户"]]);
  const where = chat("member");
  const entries = await everyOwner("member:" + who);
  const shown = { app: (e) => e.where === "app", mass: (e) => e.where === "mass" || e.where === "moments", contacts: () => false }[where];
  if (where !== "contacts") show("member", entries.filter(shown));
  else showContacts(who, mine);
  section("member").querySelector("form").hidden = where !== "app";
  const items = menu.flatMap((item) => (item.sub_button && item.sub_button.length ? item.sub_button : [item]));
  tools("member", who + where + JSON.stringify(menu), () => where !== "app" ? [] : [
    button("打开应用", () => act("member", "enter", { member: who })),
    ...items.map((item) => button(item.name, () => act("member", "click", { member: who, key: item.key, url: item.url }))),
  ]);
}

function showContacts(who, mine) {
  const log = part("member", "log");
  const key = "contacts" + who + JSON.stringify(mine);
  if (log.dataset.shown === key) return;
  log.dataset.shown = key;
  const has = new Map(mine.map((relation) => [relation.external_userid, relation]));
  log.replaceChildren(...state.customers.map((customer) => {
    const given = { member: who, customer: customer.external_userid };
    const relation = has.get(customer.external_userid);
    const box = make("div", "", { class: "entry" });
    box.append(make("h3", customer.name), make("small", relation ? (relation.gone ? "对方已删除您" : relation.remark || "好友") : "还不是好友"));
    const others = state.members.filter((member) => member.userid !== who);
    box.append(choices(relation
      ? [button("删除", () => act("member", "remove", given)), ...others.map((other) => button("转给" + other.name, () => act("member", "hand_over", { ...given, to: other.userid })))]
      : [button("添加", () => act("member", "add", given))]));
    return box;
  }));
}

async function refreshServicer() {
  const [userid, kfid] = person("servicer").split("@");
  if (!kfid) return;
  const queue = await ask("/phones/servicer/queue", { member: userid, open_kfid: kfid });
  const waiting = queue.waiting.map((id) => [id, nameOf(id) + "（排队）"]);
  const mine = queue.mine.map((id) => [id, nameOf(id) + "（接待中）"]);
  const rest = state.customers.map((c) => c.external_userid).filter((id) => !queue.waiting.includes(id) && !queue.mine.includes(id));
  fill(part("servicer", "chat"), [...waiting, ...mine, ...rest.map((id) => [id, nameOf(id)])]);
  // Somebody who begins to wait comes to the front, unless another customer is being served there.
  const news = queue.waiting.filter((id) => !state.waited.has(id));
  state.waited = new Set(queue.waiting);
  if (news.length && !queue.mine.includes(chat("servicer"))) part("servicer", "chat").value = news[0];
  const who = chat("servicer");
  const entries = await everyOwner("customer:" + who);
  const turned = entries.filter((e) => e.where === "kf:" + kfid).map((e) => ({ ...e, by: e.by === "me" ? "customer" : e.by === "system" ? "system" : "me" }));
  show("servicer", turned);
  const given = { member: userid, open_kfid: kfid, customer: who };
  const serving = queue.mine.includes(who);
  const others = state.servicers.filter((row) => row.open_kfid === kfid && row.userid !== userid && !row.stopped);
  section("servicer").querySelector("form").hidden = queue.waiting.includes(who);
  tools("servicer", JSON.stringify([given, queue, others]), () => [
    ...(queue.waiting.includes(who) ? [button("接入", () => act("servicer", "take", given))] : []),
    ...(serving ? [button("结束会话", () => act("servicer", "end", given))] : []),
    ...(serving && others.length ? [handing(others, (to) => act("servicer", "transfer", { ...given, to }))] : []),
    button("上班", () => act("servicer", "duty", { ...given, on: true })),
    button("下班", () => act("servicer", "duty", { ...given, on: false })),
  ]);
}

// One after the other: an older look must not be painted over a newer one.
let last = Promise.resolve();
const refresh = () => (last = last.catch(() => {}).then(paint));

async function paint() {
  const [about, members, customers, clock, servicers] = await Promise.all([
    ask("/"), ask("/members"), ask("/customers"), ask("/clock"), ask("/kf/servicers"),
  ]);
  Object.assign(state, { accounts: about.accounts, members: members.filter((member) => !member.left_at), customers, servicers });
  const several = Object.keys(about.accounts).length > 1;
  document.getElementById("clock").textContent = clock.at.slice(0, 16).replace("T", " ") + (clock.runs ? "" : "（时钟停着）");
  fill(part("customer", "person"), customers.map((customer) => [customer.external_userid, customer.name]));
  fill(part("member", "person"), state.members.map((member) => [member.userid, member.name]));
  fill(part("servicer", "person"), servicers.map((row) => [`${row.userid}@${row.open_kfid}`, nameOf(row.userid) + (several ? " · " + state.accounts[row.open_kfid] : "")]));
  await Promise.all([refreshCustomer(), refreshMember(), refreshServicer()]);
}

function say(role, form) {
  const text = form.elements.text.value.trim();
  if (!text) return;
  form.reset();
  const [userid, kfid] = person("servicer").split("@");
  const given = {
    customer: () => ({ customer: person("customer"), open_kfid: chat("customer").slice(3), text }),
    member: () => ({ member: person("member"), text }),
    servicer: () => ({ member: userid, open_kfid: kfid, customer: chat("servicer"), text }),
  }[role]();
  act(role, "say", given);
}

for (const role of ["customer", "member", "servicer"]) {
  section(role).querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); say(role, event.target); });
  for (const name of ["person", "chat"]) part(role, name).addEventListener("change", () => refresh().catch(() => {}));
}
for (const tab of document.querySelectorAll("nav button")) {
  tab.addEventListener("click", () => {
    for (const other of document.querySelectorAll("nav button")) other.setAttribute("aria-pressed", String(other === tab));
    for (const phone of document.querySelectorAll(".phone")) phone.classList.toggle("shown", phone.id === tab.dataset.show);
    toTheEnd();
  });
}
for (const forward of document.querySelectorAll("[data-advance]")) {
  forward.addEventListener("click", () => ask("/clock", { advance_s: Number(forward.dataset.advance) }).finally(refresh).catch(() => {}));
}
section("customer").classList.add("shown");
const toTheEnd = () => document.querySelectorAll(".log").forEach((log) => { log.scrollTop = log.scrollHeight; });
window.addEventListener("resize", toTheEnd);

async function look() {
  try {
    const news = await ask(`/phones/seen?after=${state.seen}&wait_s=${LOOK_S}`);
    state.seen += news.length;
    await refresh();
  } catch {
    await new Promise((later) => setTimeout(later, LOOK_S * 1000));
  }
  look();
}
look();
