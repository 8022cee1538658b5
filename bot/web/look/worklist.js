// What waits for a member of staff, what they hold, and their tasks. Waiting times run on the page, by the server's clock.

export default {
  template: `
<nav class="work" aria-label="待接和任务">
  <header class="work-head"><h1>工作台</h1><p>{{ me }}</p></header>
  <div class="work-scroll">
    <section aria-label="待接">
      <h2>待接<span class="count" :class="queue.length ? 'is-some' : ''">{{ queue.length }}</span></h2>
      <p v-if="!queue.length" class="work-none">现在没有客户在等。</p>
      <article v-for="entry in queue" :key="entry.id" class="card" :class="[entry.id === picked ? 'is-picked' : '', entry.urgent ? 'is-urgent' : '']">
        <button type="button" class="card-open" :aria-label="'看 ' + entry.name + ' 的会话'" @click="pick(entry)">
          <span class="card-top"><b>{{ entry.name }}</b><span v-if="entry.urgent" class="tag tag--urgent">紧急</span>
            <time class="card-wait">已等 {{ waited(entry) }}</time></span>
          <span class="card-why">{{ entry.reason }}</span>
          <span class="card-said">{{ entry.summary }}</span>
        </button>
        <button type="button" class="button button--strong card-take" :disabled="taking === entry.id" @click="take(entry)">接管</button>
      </article>
    </section>
    <section aria-label="我在接待">
      <h2>我在接待<span class="count">{{ held.length }}</span></h2>
      <p v-if="!held.length" class="work-none">您没有接着的会话。</p>
      <article v-for="entry in held" :key="entry.id" class="card" :class="entry.id === picked ? 'is-picked' : ''">
        <button type="button" class="card-open" :aria-label="'看 ' + entry.name + ' 的会话'" @click="pick(entry)">
          <span class="card-top"><b>{{ entry.name }}</b><time class="card-wait">{{ waited(entry) }}</time></span>
          <span class="card-said">{{ entry.summary }}</span>
        </button>
      </article>
    </section>
    <section aria-label="我的任务">
      <h2>我的任务<span class="count">{{ tasks.length }}</span></h2>
      <p v-if="!tasks.length" class="work-none">没有待办。</p>
      <details v-for="task in tasks" :key="task.id" class="task" :class="task.late ? 'is-late' : ''">
        <summary><span>{{ task.title }}</span><small><span v-if="task.urgent" class="tag tag--urgent">紧急</span>{{ task.reference }}<time v-if="task.due">{{ task.due }} 前</time></small></summary>
        <p>{{ task.detail || "没有更多说明。" }}</p>
        <button v-if="task.closable" type="button" class="button" :disabled="closing === task.id" @click="close(task)">投诉已处理完</button>
      </details>
    </section>
  </div>
</nav>`,
  props: { me: String, work: Object },
  emits: ["pick", "take", "close"],
  data() {
    return { ...this.work, picked: "", taking: "", closing: 0, elapsed: 0, shown: performance.now() };
  },
  mounted() {
    this.call();
    this.beat = setInterval(() => (this.elapsed = (performance.now() - this.shown) / 1000), 1000);
  },
  unmounted() {
    clearInterval(this.beat);
  },
  methods: {
    call() { document.title = (this.queue.length ? "（" + this.queue.length + "）" : "") + "工作台 · 陪伴"; },
    show(work) {
      Object.assign(this, work);
      this.shown = performance.now();
      this.elapsed = 0;
      this.call();
      if (!this.queue.some((entry) => entry.id === this.taking)) this.taking = "";
    },
    choose(id) { this.picked = id; },
    waited(entry) {
      const seconds = Math.max(0, Math.floor(entry.seconds + this.elapsed));
      const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
      if (hours >= 24) return Math.floor(hours / 24) + " 天 " + (hours % 24) + " 小时";
      if (hours) return hours + " 小时 " + minutes + " 分";
      return minutes + ":" + String(seconds % 60).padStart(2, "0");
    },
    pick(entry) {
      this.picked = entry.id;
      document.body.dataset.pane = "talk";
      this.$emit("pick", { id: entry.id });
    },
    close(task) {
      this.closing = task.id;
      setTimeout(() => (this.closing = 0), 4000);
      this.$emit("close", { id: task.id });
    },
    take(entry) {
      this.taking = entry.id;
      setTimeout(() => (this.taking = ""), 4000);
      this.pick(entry);
      this.$emit("take", { id: entry.id });
    },
  },
};
