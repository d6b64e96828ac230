// OpenAI's embeddings. The vectors come from the words, so that texts which
// share words (or words that openai.json calls the same) are near each other.
import { answer, bearer, json_body, refuse, stand, vector, words, world } from './stand.mjs';

const { keys, models, same } = world('openai');

const body = (message, type, code, param = null) => ({ error: { message, type, param, code } });
const invalid = (message, param) => refuse(400, body(message, 'invalid_request_error', null, param));

function errors(status) {
  const table = {
    401: body('Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key'),
    429: body('Rate limit reached for requests.', 'requests', 'rate_limit_exceeded'),
  };
  return { json: table[status] ?? body('The server had an error while processing your request.', 'server_error', null) };
}

function encoded(numbers, format) {
  return format === 'base64' ? Buffer.from(Float32Array.from(numbers).buffer).toString('base64') : numbers;
}

function embeddings(ask) {
  const wanted = json_body(ask, () => invalid('We could not parse the JSON body of your request.'));
  const { model, input, dimensions, encoding_format: format = 'float' } = wanted;
  const most = models[model];
  const texts = typeof input === 'string' ? [input] : input;
  if (!model) invalid('you must provide a model parameter');
  if (!most) refuse(404, body(`The model \`${model}\` does not exist or you do not have access to it.`, 'invalid_request_error', 'model_not_found'));
  if (!Array.isArray(texts) || !texts.length || texts.length > 2048 || texts.some((text) => typeof text !== 'string' || !text)) {
    invalid("'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.", 'input');
  }
  if (texts.some((text) => words(text).length > 8192)) {
    invalid("This model's maximum context length is 8192 tokens.", 'input');
  }
  if (!['float', 'base64'].includes(format)) invalid(`Invalid encoding_format '${format}'.`, 'encoding_format');
  if (dimensions !== undefined && !(Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= most)) {
    invalid(`Invalid value for 'dimensions' = ${dimensions}.`, 'dimensions');
  }
  const tokens = texts.reduce((sum, text) => sum + words(text).length, 0);
  return answer(200, {
    object: 'list',
    data: texts.map((text, index) => ({
      object: 'embedding', index, embedding: encoded(vector(text, dimensions ?? most, same), format),
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

function openai(ask, self) {
  if (!keys.includes(bearer(ask))) refuse(401, errors(401).json);
  if (ask.path !== '/v1/embeddings') {
    refuse(404, body(`Invalid URL (${ask.method} ${ask.path})`, 'invalid_request_error', null));
  }
  if (ask.method !== 'POST') refuse(405, body('Not allowed to use this method.', 'invalid_request_error', 'method_not_supported'));
  if (!/^application\/json\b/i.test(ask.headers['content-type'] ?? '')) {
    refuse(415, body('Unsupported content type.', 'invalid_request_error', 'unsupported_content_type'));
  }
  return embeddings(ask);
}

await stand({ name: 'openai', hosts: { openai }, errors });
