// One conversation: a log, what is on its way, and a place to write. The server sends lines; the page keeps nothing it could lose:
// what was sent and not yet taken waits in the session storage under its own id and is sent again, which the server counts once.

const RESEND_MS = 5000;
const PATIENCE_MS = 20000;
const SETTLES_MS = 4000;

function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export default {
  template: `
<section class="chat" :class="'chat--' + mode" :aria-label="label">
  <header class="chat-head">
    <div class="chat-face" :class="'is-' + now.kind" aria-hidden="true">{{ now.face }}</div>
    <div class="chat-who">
      <h1>{{ now.heading }}</h1>
      <p class="chat-status" :class="'is-' + now.kind" role="status">{{ now.text }}</p>
    </div>
    <div class="chat-actions">
      <button v-for="action in now.actions" :key="action.name" type="button" class="button" :class="action.strong ? 'button--strong' : ''"
        :disabled="acting" @click="act(action.name)">{{ action.label }}</button>
      <button v-if="mode === 'customer'" type="button" class="button button--quiet" :aria-pressed="String(large)"
        aria-label="大字显示" @click="enlarge">{{ large ? "标准字" : "大字" }}</button>
    </div>
  </header>
  <div class="chat-log" ref="log" role="log" aria-live="polite" :aria-label="label + '的内容'" tabindex="0" @scroll.passive="scrolled">
    <div class="chat-sheet" ref="sheet">
      <button v-if="older" type="button" class="button button--quiet chat-older" @click="$emit('older')">看更早的对话</button>
      <div v-if="isEmpty" class="chat-empty">
        <p>{{ welcome }}</p>
        <div class="choices" v-if="now.canSay && starters.length">
          <button v-for="text in starters" :key="text" type="button" class="chip" @click="sendText(text)">{{ text }}</button>
        </div>
      </div>
      <template v-for="(line, index) in items" :key="line.id">
        <div v-if="index === 0 || items[index - 1].day !== line.day" class="chat-day"><time>{{ line.day }}</time></div>
        <div v-if="line.form === 'mark'" class="chat-mark"><span>{{ line.text }}<time>{{ line.time }}</time></span></div>
        <div v-else-if="line.form === 'notice'" class="chat-notice"><span>{{ line.text }}</span></div>
        <article v-else class="line" :class="['line--' + line.side, follows(index) ? 'line--follows' : '']">
          <div v-if="line.side !== 'me' && !follows(index)" class="line-name">{{ line.name }}<span class="tag" v-if="line.side === 'bot'">AI 助手</span></div>
          <div class="bubble">{{ line.text }}<a v-if="line.media" class="bubble-media" :href="mediaOf(line)" target="_blank" rel="noopener"><img v-if="line.media.includes('/picture/')" class="bubble-picture" :src="mediaOf(line)" alt="图"><template v-else>打开</template></a></div>
          <div v-if="line.links.length" class="choices">
            <a v-for="link in line.links" :key="link.url" class="chip chip--out" :href="link.url" target="_blank" rel="noopener noreferrer">{{ link.label }}</a>
          </div>
          <div v-if="line.choices.length && mode !== 'desk'" class="choices" :class="index < lastOwn ? 'choices--past' : ''">
            <button v-for="choice in line.choices" :key="choice.payload" type="button" class="chip" :disabled="!now.canSay || resting"
              @click="press(choice)">{{ choice.label }}</button>
          </div>
          <div class="line-foot">
            <span v-if="line.ai" class="tag">AI 生成</span>
            <span v-if="line.source" class="source">来源：{{ line.source }}</span>
            <time>{{ line.time }}</time>
          </div>
        </article>
      </template>
      <article v-for="sent in pending" :key="sent.id" class="line line--me line--pending">
        <div class="bubble">{{ sent.label }}</div>
        <div class="line-foot"><span>{{ sent.note }}</span></div>
      </article>
      <div v-if="typing" class="line line--bot" aria-label="助手正在写"><div class="bubble typing"><i></i><i></i><i></i></div></div>
    </div>
  </div>
  <button v-if="unseen" type="button" class="button button--strong chat-new" @click="toEnd">有新消息</button>
  <form class="chat-input" @submit.prevent="send">
    <p v-if="hint" class="chat-hint" role="status">{{ hint }}</p>
    <div class="chat-row">
      <textarea ref="box" v-model="draft" rows="1" :placeholder="now.canSay ? now.placeholder : now.closed" :disabled="!now.canSay"
        aria-label="输入消息" enterkeyhint="send" @input="typed" @keydown.enter="entered"></textarea>
      <button type="submit" class="button button--strong" aria-label="发送" :disabled="!ready">发送</button>
    </div>
  </form>
</section>`,
  props: { mode: String, label: String, welcome: String, starters: Array, lines: Array, more: Boolean, situation: Object, store: String, longest: Number },
  emits: ["say", "act", "older"],
  data() {
    return {
      items: [], pending: [], older: this.more, now: this.situation, draft: "", hint: "", large: false,
      acting: false, resting: false, waitingSince: 0, atEnd: true, unseen: false, clock: Date.now(), place: this.store,
    };
  },
  computed: {
    ready() { return this.now.canSay && this.draft.trim().length > 0; },
    isEmpty() { return !this.items.length && !this.pending.length; },
    lastOwn() { return this.items.findLastIndex((line) => line.side === "me" && line.form === "text"); },
    typing() {
      return this.mode !== "desk" && this.now.kind !== "human" && this.waitingSince > 0 && this.clock - this.waitingSince < PATIENCE_MS;
    },
  },
  created() {
    this.items = this.lines;
    this.lines.length && this.settle(this.lines);
    this.waitingSince = 0;
  },
  mounted() {
    this.large = this.mode === "customer" && localStorage.getItem("peiban.large") === "1";
    document.documentElement.classList.toggle("large", this.large);
    this.restore();
    this.beat = setInterval(this.tick, 1000);
    this.sized = new ResizeObserver(() => this.atEnd && this.toEnd());
    this.sized.observe(this.$refs.log);
    this.sized.observe(this.$refs.sheet);
    this.toEnd();
  },
  unmounted() {
    clearInterval(this.beat);
    this.sized.disconnect();
  },
  methods: {
    // In a sandbox the address says who looks.
    mediaOf(line) {
      const who = new URLSearchParams(location.search).get("as");
      return who ? `${line.media}?as=${encodeURIComponent(who)}` : line.media;
    },
    // Called by the server.
    begin(lines, more, situation, place) {
      const same = place === this.place;
      this.items = lines;
      this.older = more;
      this.now = situation;
      if (!same) {
        this.keep();
        this.place = place;
        this.draft = "";
        this.restore();
      }
      this.settle(lines);
      if (!same) this.toEnd();
    },
    extend(lines) {
      const last = this.items.length ? this.items[this.items.length - 1].id : 0;
      const fresh = lines.filter((line) => line.id > last);
      if (!fresh.length) return;
      this.items = [...this.items, ...fresh];
      this.settle(fresh);
      const own = fresh.some((line) => line.side === "me");
      if (this.atEnd || own) this.toEnd();
      else this.unseen = true;
    },
    situate(situation) { this.now = situation; this.acting = false; },
    taken(id, fresh) {
      const sent = this.pending.find((one) => one.id === id);
      if (!sent) return;
      sent.taken = true;
      if (!fresh) this.pending = this.pending.filter((one) => one.id !== id);
      this.keep();
    },
    ended(text) {
      this.now = { ...this.now, canSay: false, closed: text, text, kind: "ended", actions: [] };
      this.waitingSince = 0;
    },

    // What was sent and not seen in the log yet.
    settle(lines) {
      for (const line of lines) {
        if (line.side === "me") {
          const index = this.pending.findIndex((one) => one.text.trim() === line.raw.trim());
          if (index >= 0) this.pending.splice(index, 1);
        } else if (line.form !== "mark") this.waitingSince = 0;
      }
      this.keep();
    },
    keep() {
      if (!this.place) return;
      const waiting = this.pending.filter((one) => !one.taken).map(({ id, text, label }) => ({ id, text, label }));
      if (waiting.length) sessionStorage.setItem("peiban." + this.place, JSON.stringify(waiting));
      else sessionStorage.removeItem("peiban." + this.place);
    },
    restore() {
      const waiting = JSON.parse(sessionStorage.getItem("peiban." + this.place) || "[]");
      this.pending = waiting.map((one) => ({ ...one, since: Date.now(), tried: Date.now(), taken: false, note: "再发一次…" }));
      this.pending.forEach(this.emitSay);
    },
    tick() {
      this.clock = Date.now();
      for (const one of this.pending) {
        if (!one.taken && this.clock - one.tried > RESEND_MS) {
          one.tried = this.clock;
          one.note = "网络不太顺，正在重发…";
          this.emitSay(one);
        } else if (one.taken && this.clock - one.since > SETTLES_MS) {
          one.note = this.mode === "desk" ? "没有送出，请看助手的提示" : "已收到，正在处理";
        }
      }
    },
    emitSay(one) { this.$emit("say", { id: one.id, text: one.text, place: this.place }); },

    // What the person does.
    send() {
      if (this.ready) this.sendText(this.draft);
      this.draft = "";
      this.hint = "";
      this.$nextTick(this.grow);
    },
    sendText(text, label) {
      text = text.trim().slice(0, this.longest);
      if (!text || !this.now.canSay) return;
      const now = Date.now();
      this.pending.push({ id: freshId(), text, label: label || text, since: now, tried: now, taken: false, note: "发送中…" });
      this.waitingSince = this.clock = now;
      this.keep();
      this.emitSay(this.pending[this.pending.length - 1]);
      this.toEnd();
    },
    press(choice) {
      if (this.resting) return;
      this.resting = true;
      setTimeout(() => (this.resting = false), 1000);
      this.sendText(choice.payload, choice.label);
    },
    act(name) {
      this.acting = true;
      setTimeout(() => (this.acting = false), 4000);
      this.$emit("act", { id: freshId(), name, place: this.place });
    },
    entered(event) {
      if (event.shiftKey || event.isComposing || event.keyCode === 229) return;  // 229: an input method is choosing characters
      event.preventDefault();
      this.send();
    },
    typed() {
      if (this.draft.length > this.longest) {
        this.draft = this.draft.slice(0, this.longest);
        this.hint = "太长了，只留下了前 " + this.longest + " 个字。可以分几次发。";
      } else this.hint = this.draft.length > this.longest * 0.9 ? "还能写 " + (this.longest - this.draft.length) + " 个字" : "";
      this.$nextTick(this.grow);
    },
    grow() {
      const box = this.$refs.box;
      box.style.height = "auto";
      box.style.height = Math.min(box.scrollHeight + 2, 160) + "px";
    },
    enlarge() {
      const wasAtEnd = this.atEnd;
      this.large = !this.large;
      document.documentElement.classList.toggle("large", this.large);
      localStorage.setItem("peiban.large", this.large ? "1" : "0");
      this.$nextTick(this.grow);
      if (wasAtEnd) this.toEnd();
    },

    // Where the eye is.
    follows(index) {
      const [before, line] = [this.items[index - 1], this.items[index]];
      return index > 0 && before.form === "text" && before.side === line.side && before.name === line.name && before.day === line.day;
    },
    scrolled() {
      const log = this.$refs.log;
      this.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
      if (this.atEnd) this.unseen = false;
    },
    toEnd() {
      this.$nextTick(() => {
        const log = this.$refs.log;
        if (log) log.scrollTop = log.scrollHeight;
        this.atEnd = true;
        this.unseen = false;
      });
    },
  },
};
