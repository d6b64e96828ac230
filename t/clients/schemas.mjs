// Checks that structured content fits the tools' own output schemas.
// schemas.mjs TOOLS NAME RESULT: two files, of a tools/list and a tools/call.
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';

const [list, name, call] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, 'utf8')).result;
const tool = read(list).tools.find((t) => t.name === name);
const { structuredContent, content } = read(call);
const validate = new Ajv2020({ strict: true }).compile(tool.outputSchema);

if (!validate(structuredContent)) console.log(JSON.stringify(validate.errors));
else if (content.length !== 1 || JSON.stringify(JSON.parse(content[0].text)) !== JSON.stringify(structuredContent))
  console.log('the one text is not the structured content');
else console.log('fits');
