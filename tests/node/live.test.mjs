// @google/genai, unmodified, against the Gemini Live emulator whose address is in EMULATOR_URL
// (http: for the plain listener, https: with NODE_EXTRA_CA_CERTS for the one with TLS).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoogleGenAI, Modality, Behavior } from '@google/genai';

const MODEL = 'gemini-3.8-live';

// A live session whose messages are waited for instead of called back.
async function open(t, config = {}, model = MODEL) {
  const client = new GoogleGenAI({
    apiKey: 'any',
    httpOptions: { baseUrl: process.env.EMULATOR_URL },
  });
  const arrived = [];
  let wake = () => {};
  let closed = null;
  const session = await client.live.connect({
    model,
    config: {
      responseModalities: [Modality.AUDIO],
      inputAudioTranscription: {},
      outputAudioTranscription: {},
      sessionResumption: {},
      ...config,
    },
    callbacks: {
      onmessage: (message) => { arrived.push(message); wake(); },
      onclose: (event) => { closed = event; wake(); },
      onerror: () => {},
    },
  });
  t.after(() => session.close());
  // Everything up to the first message that the condition holds for.
  async function until(condition) {
    const seen = [];
    for (;;) {
      while (arrived.length > 0) {
        seen.push(arrived.shift());
        if (condition(seen.at(-1))) return seen;
      }
      if (closed) throw new Error(`closed: ${closed.code} ${closed.reason}`);
      await new Promise((resolve) => { wake = resolve; });
    }
  }
  // Until the server has seen it: a session still connected cannot be resumed.
  async function close() {
    session.close();
    while (!closed) await new Promise((resolve) => { wake = resolve; });
  }
  return { session, until, close, turn: () => until((m) => m.serverContent?.turnComplete) };
}

const spoken = (messages) =>
  messages.map((m) => m.serverContent?.outputTranscription?.text ?? '').join('');
const pcmBytes = (messages) =>
  messages
    .flatMap((m) => m.serverContent?.modelTurn?.parts ?? [])
    .reduce((sum, part) => sum + Buffer.from(part.inlineData.data, 'base64').length, 0);

// A steady tone and then silence, as a caller's audio at 16 kHz.
function toneThenSilence() {
  const pcm = Buffer.alloc(2 * 16000 * 1.6);
  for (let n = 0; n < 16000 * 0.5; n += 1) {
    pcm.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * 700 * n) / 16000)), 2 * n);
  }
  return pcm;
}

test('a turn of text is answered with sound, words, and an end', async (t) => {
  const { session, turn } = await open(t);
  session.sendRealtimeInput({ text: 'speak #1 #2 #3' });
  const messages = await turn();
  assert.equal(spoken(messages), '#1 #2 #3');
  assert.equal(pcmBytes(messages), 3 * 4800 * 2);
  const kinds = messages.map((m) => Object.keys(m.serverContent ?? {}).join());
  assert.ok(kinds.indexOf('generationComplete') < kinds.indexOf('turnComplete'));
  assert.equal(messages.at(-1).usageMetadata.responseTokenCount, 15);
});

test('a caller is heard', async (t) => {
  const { session, turn } = await open(t, {
    realtimeInputConfig: { automaticActivityDetection: { silenceDurationMs: 300 } },
  });
  const pcm = toneThenSilence();
  for (let start = 0; start < pcm.length; start += 1280) {
    const data = pcm.subarray(start, start + 1280).toString('base64');
    session.sendRealtimeInput({ audio: { data, mimeType: 'audio/pcm;rate=16000' } });
  }
  const messages = await turn();
  const heard = messages.filter((m) => m.serverContent?.inputTranscription);
  assert.ok(heard.length > 0);
  assert.ok(pcmBytes(messages) > 0);
});

test('a tool call is made and its result spoken of', async (t) => {
  const { session, until, turn } = await open(t, {
    tools: [{ functionDeclarations: [{ name: 'look_up', behavior: Behavior.BLOCKING }] }],
  });
  session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'call look_up {"a_b":1}' }] }] });
  const call = (await until((m) => m.toolCall)).at(-1).toolCall.functionCalls[0];
  assert.deepEqual(call.args, { a_b: 1 });
  session.sendToolResponse({
    functionResponses: [{ id: call.id, name: call.name, response: { found_it: true } }],
  });
  assert.equal(spoken(await turn()), 'result look_up found_it');
});

test('speaking over the reply interrupts it, and a handle brings the conversation back', async (t) => {
  const { session, until, turn, close } = await open(t);
  session.sendRealtimeInput({ text: 'say 60 seconds' });
  await until((m) => m.serverContent?.modelTurn);
  session.sendRealtimeInput({ text: 'speak #9' });
  const cut = await turn();
  assert.ok(cut.some((m) => m.serverContent?.interrupted));
  assert.ok(!cut.some((m) => m.serverContent?.generationComplete));
  assert.equal(spoken(await turn()), '#9');
  const update = (await until((m) => m.sessionResumptionUpdate?.resumable)).at(-1);
  const handle = update.sessionResumptionUpdate.newHandle;
  await close();
  const again = await open(t, { sessionResumption: { handle } });
  again.session.sendRealtimeInput({ text: 'speak #4' });
  assert.equal(spoken(await again.turn()), '#4');
});

test('what is refused shows its reason', async (t) => {
  await assert.rejects(open(t, { sessionResumption: { handle: 'made-up' } }), /session not found/);
  await assert.rejects(open(t, {}, 'gemini-1.5-pro'), /is not found for API version/);
});
