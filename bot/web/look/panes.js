// On a phone the workbench shows one pane at a time; these buttons choose which.

export default {
  template: `
<div class="panes" role="group" aria-label="切换">
  <button v-for="pane in panes" :key="pane.name" type="button" :aria-pressed="String(pane.name === shown)" @click="show(pane.name)">{{ pane.label }}<span v-if="pane.name === 'work' && waiting" class="count is-some">{{ waiting }}</span></button>
</div>`,
  props: { panes: Array, waiting: Number },
  data() {
    return { shown: document.body.dataset.pane || "work" };
  },
  mounted() {
    document.body.dataset.pane = this.shown;
    this.watcher = new MutationObserver(() => (this.shown = document.body.dataset.pane));
    this.watcher.observe(document.body, { attributes: true, attributeFilter: ["data-pane"] });
  },
  unmounted() {
    this.watcher.disconnect();
  },
  methods: {
    show(name) { document.body.dataset.pane = name; },
  },
};
