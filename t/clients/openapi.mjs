// Holds real answers against doc/openapi.yaml.
//
//	node openapi.mjs doc/openapi.yaml answers.ndjson
//
// Each line of the second file is one exchange: {method, path, status, type,
// body}. Every answer must be one the description foresees and have the form
// it gives; every operation must have been reached, with each status that the
// tests can bring about. Exit status 1, and a line for each thing wrong.

import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { Validator } from "@seriousme/openapi-schema-validator";
import { parse } from "yaml";

// Statuses that need a broken database or a flood to come about.
const rare = new Set(["429", "503"]);
const methods = ["get", "post", "put", "delete"];

const [describedIn, answersIn] = process.argv.slice(2);
const api = parse(readFileSync(describedIn, "utf8"));
const answers = readFileSync(answersIn, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const wrong = [];

const valid = await new Validator().validate(structuredClone(api));
if (!valid.valid)
	wrong.push(`the description itself: ${JSON.stringify(valid.errors)}`);

const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addSchema({ $id: "api", ...api });

function resolve(node) {
	if (!node?.$ref)
		return node;
	return node.$ref.slice(2).split("/").reduce((at, name) => at[name], api);
}

// The schema of an answer as a place in the document, so that its own
// references work.
function schemaOf(template, method, status) {
	const escaped = template.replaceAll("~", "~0").replaceAll("/", "~1");
	const answer = api.paths[template][method].responses[status];
	const at = answer.$ref ? answer.$ref : `#/paths/${escaped}/${method}/responses/${status}`;

	if (!resolve(answer).content)
		return null;
	return { $ref: `api${at}/content/application~1json/schema` };
}

const templates = Object.keys(api.paths).map((template) => ({
	template,
	form: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
}));

function check(answer) {
	const path = answer.path.split("?")[0];
	const method = answer.method.toLowerCase();
	const template = templates.find((t) => t.form.test(path))?.template;
	const operation = template && api.paths[template][method];
	const about = `${answer.method} ${answer.path} -> ${answer.status}`;
	let schema = { $ref: "api#/components/schemas/NoEndpoint" };

	if (!operation && answer.status !== 404)
		return `${about}: no such operation, yet no 404`;
	if (operation && !operation.responses[answer.status])
		return `${about}: not foreseen`;
	if (operation) {
		schema = schemaOf(template, method, answer.status);
		reached.add(`${method} ${template} ${answer.status}`);
	}
	/* Sent on: there is nothing to read. */
	if (operation && answer.status === 303)
		return answer.body === null ? null : `${about}: has a body`;
	if (!answer.type?.startsWith("application/json"))
		return `${about}: is ${answer.type}`;
	if (schema && !ajv.validate(schema, answer.body))
		return `${about}: ${ajv.errorsText()} in ${JSON.stringify(answer.body)}`;
	return null;
}

const reached = new Set();
wrong.push(...answers.map(check).filter(Boolean));

for (const [template, item] of Object.entries(api.paths))
	for (const method of methods.filter((m) => item[m]))
		for (const status of Object.keys(item[method].responses))
			if (!rare.has(status) && !reached.has(`${method} ${template} ${status}`))
				wrong.push(`${method} ${template}: no test brought about ${status}`);

for (const line of wrong)
	console.log(line);
console.log(`${answers.length} answers, ${reached.size} of operation and status, ${wrong.length} wrong`);
process.exit(wrong.length ? 1 : 0);
