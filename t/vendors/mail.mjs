// A mail of data/graph.json as Graph shows it.
import { digest } from './stand.mjs';

const STEM = 'AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A';

// Immutable ids stay; the others change whenever a mail is moved, which is what
// the setting `moves` counts.
export const immutable_id = (mail) => `${STEM}${digest(`id ${mail.owner} ${mail.key}`).toString('base64url').slice(0, 24)}_-=`;
export const default_id = (mail, moves) => `AAMkAD${digest(`${mail.owner} ${mail.key} ${moves}`).toString('base64').slice(0, 40)}/+AAA=`;
export const folder_id = (owner, name) => `AQMkAD${digest(`folder ${owner} ${name}`).toString('base64url').slice(0, 32)}AAA=`;

export function plain_text(html) {
  return html.replace(/<(style|script)\b.*?<\/\1>/gis, '').replace(/<(br|\/p|\/div|\/tr|\/li|\/h\d)\b[^>]*>/gi, '\r\n').replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&');
}

export function prepare(mail, owner, people) {
  const person = (name) => people[name];
  const plain = mail.text ?? plain_text(mail.html ?? '');
  return {
    attachments: [], importance: 'normal', read: true, ...mail, owner, plain, from: person(mail.from),
    to: (mail.to ?? []).map(person), cc: (mail.cc ?? []).map(person), bcc: (mail.bcc ?? []).map(person),
    sent: mail.sent, received: mail.received ?? mail.sent.replace(/Z$/, '').replace(/\d$/, '7') + 'Z',
    message_id: mail.message_id ?? `<${mail.key}.${digest(owner).toString('hex').slice(0, 8)}@stand.example>`,
  };
}

const address = (one) => one ? { emailAddress: { name: one.name, address: one.address } } : null;

export function attachment_of(mail, one, i) {
  const kind = one.kind ?? 'file';
  const bytes = Buffer.from(one.text ?? one.base64 ?? '', one.text === undefined ? 'base64' : 'utf8');
  return {
    '@odata.type': `#microsoft.graph.${kind}Attachment`,
    ...(kind === 'file' && { '@odata.mediaContentType': one.type }),
    id: `${immutable_id(mail).replace(/=$/, '')}BEgAQA${i}=`,
    lastModifiedDateTime: mail.received,
    name: one.name, contentType: one.type ?? null, size: one.size ?? Math.ceil(bytes.length * 1.37) + 120,
    isInline: one.inline ?? false,
    ...(kind === 'file' && { contentId: one.inline ? `${one.name}@stand` : null, contentLocation: null, contentBytes: bytes.toString('base64') }),
  };
}

// All properties of a message, with the body in text or HTML.
export function message_of(mail, id, as_text) {
  const html = mail.html !== undefined && !as_text;
  return {
    '@odata.etag': `W/"${digest(mail.key).toString('base64').slice(0, 24)}"`,
    id,
    createdDateTime: mail.sent, lastModifiedDateTime: mail.received, changeKey: digest(mail.key).toString('base64').slice(0, 24),
    categories: [], receivedDateTime: mail.received, sentDateTime: mail.sent,
    hasAttachments: mail.attachments.some((one) => !one.inline),
    internetMessageId: mail.message_id, subject: mail.subject ?? null,
    bodyPreview: mail.plain.slice(0, 255).trim(), importance: mail.importance,
    parentFolderId: folder_id(mail.owner, mail.folder),
    conversationId: `AAQkAG${digest(mail.conversation ?? mail.key).toString('base64url').slice(0, 40)}`,
    conversationIndex: 'AQHa', isDeliveryReceiptRequested: null, isReadReceiptRequested: false,
    isRead: mail.read, isDraft: mail.folder === 'drafts',
    webLink: `https://outlook.office365.com/owa/?ItemID=${encodeURIComponent(id)}&exvsurl=1&viewmodel=ReadMessageItem`,
    inferenceClassification: 'focused',
    body: { contentType: html ? 'html' : 'text', content: html ? mail.html : mail.plain },
    uniqueBody: { contentType: html ? 'html' : 'text', content: html ? mail.html : mail.plain },
    sender: address(mail.from), from: address(mail.from), toRecipients: mail.to.map(address), ccRecipients: mail.cc.map(address),
    bccRecipients: mail.bcc.map(address), replyTo: [], flag: { flagStatus: 'notFlagged' },
    internetMessageHeaders: [{ name: 'Message-ID', value: mail.message_id }],
  };
}
