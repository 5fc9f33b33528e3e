/**
 * A Bitrix24 of the tests' own: a real HTTP server that speaks as much of the protocol as leads and clients need, keeps what
 * it is given, and can be told to refuse, to hang or to be away. `tests/it/support/crm/bitrix24.rs` is the fuller one.
 */

import { createServer } from 'node:http';

const CODE = 'abcdef0123456789';

/** @typedef {Record<string, any>} Card */

export class Bitrix24 {
  /** @type {{sort: number, card: Card}[]} 1 lead, 2 deal, 3 contact. */
  cards = [];
  /** @type {string[]} */
  comments = [];
  /** The next cards are refused in these words. @type {string[]} */
  refusals = [];
  /** Answers nothing while it is set; what came meanwhile is answered then. */
  #hung = false;
  /** @type {(() => void)[]} */
  #held = [];
  #id = 340;
  /** @type {import('node:http').Server} */
  #server = createServer((request, response) => this.#take(request, response));
  #address = '';

  static async start() {
    const fake = new Bitrix24();
    await new Promise((resolve) => fake.#server.listen(0, '127.0.0.1', () => resolve(null)));
    const address = fake.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    fake.#address = `http://127.0.0.1:${address.port}`;
    return fake;
  }

  /** What the owner sends to connect it. */
  get connection() {
    return { kind: 'bitrix24', address: '', secret: `${this.#address}/rest/1/${CODE}/`, target: 'lead', pipeline: null, stage: null };
  }

  get address() {
    return this.#address;
  }

  async close() {
    this.hang(false);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(() => resolve(null)));
  }

  /** @param {boolean} hung */
  hang(hung) {
    this.#hung = hung;
    if (!hung) for (const answer of this.#held.splice(0)) answer();
  }

  /** @param {number} sort @param {Card} fields */
  add(sort, fields) {
    this.#id += 1;
    const card = { id: this.#id, assignedById: 1, stageSemanticId: 'P', opportunity: 0, ...fields };
    this.cards.push({ sort, card });
    return card;
  }

  /** @param {number} sort */
  of(sort) {
    return this.cards.filter((one) => one.sort === sort).map((one) => one.card);
  }

  /** @param {string} name @param {string} lastName @param {string} phone */
  addClient(name, lastName, phone) {
    return this.add(3, { name, lastName, assignedById: 6, fm: [{ typeId: 'PHONE', valueType: 'WORK', value: phone }] });
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async #take(request, response) {
    let text = '';
    for await (const part of request) text += part;
    if (this.#hung) await new Promise((resolve) => this.#held.push(() => resolve(null)));
    const method = request.url?.startsWith(`/rest/1/${CODE}/`) ? request.url.slice(`/rest/1/${CODE}/`.length) : '';
    const [status, body] = method === '' ? [401, { error: 'INVALID_CREDENTIALS', error_description: 'Invalid request credentials' }]
      : this.#call(method.replace(/\.json$/, ''), JSON.parse(text || '{}'));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  /**
   * @param {string} method
   * @param {any} params
   * @returns {[number, unknown]}
   */
  #call(method, params) {
    switch (method) {
      case 'scope': return good(['crm', 'user_basic']);
      case 'profile': return good({ ID: '1', ADMIN: true, NAME: 'Ольга', LAST_NAME: 'Чайкина' });
      case 'crm.settings.mode.get': return good(1);
      case 'user.get': {
        const filter = params.FILTER ?? params.filter ?? {};
        return good([{ ID: '6', ACTIVE: true, NAME: 'Мария', LAST_NAME: 'Сенина', EMAIL: 'maria@example.com', USER_TYPE: 'employee' }]
          .filter((user) => (filter.ID === undefined || String(filter.ID) === user.ID) && (filter.EMAIL === undefined || filter.EMAIL.toLowerCase() === user.EMAIL)));
      }
      case 'crm.status.list': return good([
        status('STATUS', 'NEW', 'Не обработан', null), status('DEAL_STAGE', 'NEW', 'Новая', null), status('DEAL_STAGE', 'WON', 'Сделка успешна', 'S'),
      ]);
      case 'crm.category.list': return good({ categories: [{ id: 0, name: 'Общая', sort: 300, entityTypeId: 2, isDefault: 'Y' }] });
      case 'crm.item.fields': return good({ fields: { title: { type: 'string', isRequired: false, isReadOnly: false, isMultiple: false, title: 'Название' } } });
      case 'crm.item.add': {
        const words = this.refusals.shift();
        if (words !== undefined) return [400, { error: 'CRM_FIELD_ERROR_REQUIRED', error_description: words }];
        return good({ item: this.add(params.entityTypeId, params.fields) });
      }
      case 'crm.item.list': return good({ items: this.of(params.entityTypeId).filter((card) => fits(card, params.filter ?? {})).reverse() });
      case 'crm.duplicate.findbycomm': {
        const wanted = params.values.map(normal);
        const ids = this.of(params.entity_type === 'LEAD' ? 1 : 3)
          .filter((card) => (card.fm ?? []).some((/** @type {any} */ one) => one.typeId === params.type && wanted.includes(normal(one.value))))
          .map((card) => card.id);
        // Nothing found is an empty array instead of an object.
        return good(ids.length === 0 ? [] : { [params.entity_type]: ids });
      }
      case 'crm.timeline.comment.add': {
        this.comments.push(params.fields.COMMENT);
        return good(998 + this.comments.length);
      }
      case 'crm.timeline.comment.list': return good([]);
      default: return [404, { error: 'ERROR_METHOD_NOT_FOUND', error_description: 'Method not found!' }];
    }
  }
}

/** @param {unknown} result @returns {[number, unknown]} */
function good(result) {
  return [200, { result, time: { operating: 0 } }];
}

/** @param {string} list @param {string} id @param {string} name @param {string | null} semantics */
function status(list, id, name, semantics) {
  return { ID: '1', ENTITY_ID: list, STATUS_ID: id, NAME: name, SORT: '10', SEMANTICS: semantics };
}

/** @param {Card} card @param {Record<string, any>} filter */
function fits(card, filter) {
  return Object.entries(filter).every(([name, wanted]) => {
    if (name === '@id') return wanted.map(String).includes(String(card.id));
    if (name === 'contactId') return (card.contactIds ?? []).map(String).includes(String(wanted));
    return card[name.replace(/^=/, '')] === wanted;
  });
}

/** As Bitrix24 compares: digits, a leading 8 made 7. @param {string} value */
function normal(value) {
  return value.includes('@') ? value.trim().toLowerCase() : value.replace(/\D/g, '').replace(/^8(?=\d{10})/, '7');
}
