// The TypeScript SDK 2.x: both ways of speaking.
// sdk2.mjs URL TOKEN legacy|auto|pin TOOL ARGUMENTS -> one JSON line.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const [url, token, mode, tool, args] = process.argv.slice(2);
const negotiation = {
  legacy: {},
  auto: { versionNegotiation: { mode: 'auto' } },
  pin: { versionNegotiation: { mode: { pin: '2026-07-28' } } },
};
const client = new Client({ name: 'gatehouse-tests', version: '1.0.0' }, negotiation[mode]);

try {
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: token ? { Authorization: `Bearer ${token}` } : {} },
    }),
  );
  const progress = [];
  const report = {
    era: client.getProtocolEra(),
    revision: client.getNegotiatedProtocolVersion(),
    tools: (await client.listTools()).tools.map((t) => t.name),
    prompts: (await client.listPrompts()).prompts.map((p) => p.name),
    resources: (await client.listResources()).resources.length,
    templates: (await client.listResourceTemplates()).resourceTemplates.map((t) => t.uriTemplate),
    result: await client.callTool({ name: tool, arguments: JSON.parse(args) }, {
      onprogress: (p) => progress.push(p.progress),
    }),
  };
  console.log(JSON.stringify({ ...report, progress }));
  await client.close();
} catch (error) {
  console.log(JSON.stringify({ error: { name: error.constructor.name, code: error.code, message: error.message } }));
  process.exitCode = 1;
}
