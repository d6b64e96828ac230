// The TypeScript SDK 1.x, as most of today's hosts have it: older revisions.
// sdk1.mjs URL TOKEN TOOL ARGUMENTS -> one JSON line.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [url, token, tool, args] = process.argv.slice(2);
const client = new Client({ name: 'gatehouse-tests', version: '1.0.0' });
const transport = new StreamableHTTPClientTransport(new URL(url), {
  requestInit: { headers: token ? { Authorization: `Bearer ${token}` } : {} },
});

try {
  await client.connect(transport);
  const progress = [];
  const report = {
    revision: transport.protocolVersion,
    server: client.getServerVersion()?.name,
    tools: (await client.listTools()).tools.map((t) => t.name),
    prompts: (await client.listPrompts()).prompts.map((p) => p.name),
    resources: (await client.listResources()).resources.length,
    templates: (await client.listResourceTemplates()).resourceTemplates.map((t) => t.uriTemplate),
    result: await client.callTool({ name: tool, arguments: JSON.parse(args) }, undefined, {
      onprogress: (p) => progress.push(p.progress),
    }),
    ping: await client.ping(),
  };
  console.log(JSON.stringify({ ...report, progress }));
  await client.close();
} catch (error) {
  console.log(JSON.stringify({ error: { name: error.constructor.name, code: error.code, message: error.message } }));
  process.exitCode = 1;
}
