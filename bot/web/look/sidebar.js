// Asks WeCom's client with whom the member talks, and opens the page of that person. WeCom's own script defines `ww`.
(() => {
  const main = document.querySelector("main.sidebar");
  const here = new URL(location.href);
  if (!main || !window.ww || here.searchParams.has("external_userid")) return;
  const failed = () => { const said = document.getElementById("said"); if (said) said.textContent = "没能从企业微信读到当前的聊天，请关掉侧边栏再打开一次。"; };
  const signed = async (url, which) => {
    const answer = await fetch(`/wecom/sidebar/signature?url=${encodeURIComponent(url)}`);
    if (!answer.ok) throw new Error("not signed");
    return (await answer.json())[which];
  };
  ww.register({
    corpId: main.dataset.corp,
    agentId: main.dataset.agent,
    jsApiList: ["getCurExternalContact"],
    getConfigSignature: (url) => signed(url, "config"),
    getAgentConfigSignature: (url) => signed(url, "agent_config"),
  });
  ww.getCurExternalContact({
    success: (found) => { here.searchParams.set("external_userid", found.userId); location.replace(here); },
    fail: failed,
  });
})();
