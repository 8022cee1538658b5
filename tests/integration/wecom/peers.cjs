// One of two other implementations of WeCom's encryption. Reads a JSON line {which, do, token, key, id, text|sealed, timestamp, nonce} and
// answers a JSON line. Where a package is missing, require fails and with it the process.
const wanted = process.argv[2];
const peer = require(wanted);

const answers = {
  '@wecom/crypto': {
    seal: (job) => ({ sealed: peer.encrypt(job.key, job.text, job.id) }),
    open: (job) => ({ text: peer.decrypt(job.key, job.sealed).message, id: peer.decrypt(job.key, job.sealed).id }),
    sign: (job) => ({ signature: peer.getSignature(job.token, job.timestamp, job.nonce, job.sealed) }),
  },
  'wechat-crypto': {
    seal: (job) => ({ sealed: new peer(job.token, job.key, job.id).encrypt(job.text) }),
    open: (job) => ({ text: new peer(job.token, job.key, job.id).decrypt(job.sealed).message, id: new peer(job.token, job.key, job.id).decrypt(job.sealed).id }),
    sign: (job) => ({ signature: new peer(job.token, job.key, job.id).getSignature(job.timestamp, job.nonce, job.sealed) }),
  },
}[wanted];

require('readline')
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    const job = JSON.parse(line);
    process.stdout.write(JSON.stringify(answers[job.do](job)) + '\n');
  });
