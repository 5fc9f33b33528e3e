/**
 * Shapes that the widget's modules share. Only the type checker reads this file; browsers never load it.
 *
 * @typedef {import('../shared/types.js').VisitorChat} VisitorChat
 * @typedef {import('../shared/types.js').VisitorMessage} VisitorMessage
 * @typedef {import('../shared/types.js').VisitorFrame} VisitorFrame
 * @typedef {import('../shared/types.js').VisitorCommand} VisitorCommand
 * @typedef {import('../shared/types.js').Status} Status
 * @typedef {import('../shared/types.js').Face} Face
 */

/**
 * @typedef {object} Config What the server puts into `loader.js`.
 * @property {string} key
 * @property {string} assets Path of the assets, `/a/<hash>`.
 * @property {string} origin Where Beseda lives; used when the script's own address does not say it.
 * @property {'auto' | 'ru' | 'en'} language
 * @property {Record<string, [string, string]>} texts Russian, English.
 * @property {string} accent
 * @property {string} title The shop's name.
 * @property {Record<string, string>} theme fill, on_fill, fill_hover, edge, accent_text, soft.
 */

/**
 * @typedef {object} Link What the loader hands to the window: its socket, its words, its place in the page.
 * @property {Config} config
 * @property {string} language
 * @property {string} origin Where Beseda lives.
 * @property {ReturnType<typeof import('./files.js').createFiles>} [files] Loaded when there are any.
 * @property {string} prefix Of this widget in the storage that it shares with the page.
 * @property {HTMLElement} root Inside the shadow root; the window goes before the launcher.
 * @property {HTMLElement} launcher
 * @property {VisitorFrame[]} frames What came before the window was loaded.
 * @property {(key: string, params?: Record<string, string | number>) => string} t
 * @property {El} el
 * @property {(path: string) => Element} icon
 * @property {(css: string) => void} style
 * @property {(name: string, session?: boolean) => string | null} get
 * @property {(name: string, value: string | null, session?: boolean) => void} set null removes.
 * @property {(command: VisitorCommand) => boolean} send false: there is no line.
 * @property {() => boolean} isUp Whether the server has said `ready` on this connection.
 * @property {() => void} prove Asks for a sign of life within 2 s, or connects anew.
 * @property {(text: string) => void} say Has a screen reader say it, politely.
 * @property {(byPerson: boolean) => void} open
 * @property {() => void} close
 */

/** @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Prop */
/** @typedef {<K extends keyof HTMLElementTagNameMap>(tag: K, props?: Record<string, Prop>, ...children: (Node | string)[]) => HTMLElementTagNameMap[K]} El */

/**
 * @typedef {object} News What has come while the window was closed.
 * @property {VisitorMessage | null} message The newest of an operator, if it is unread.
 * @property {boolean} fresh It came just now.
 * @property {boolean} quiet No sound: not the tab last used, or never touched.
 */

/**
 * @typedef {object} View What the window gives back to the loader.
 * @property {(byPerson: boolean) => void} show
 * @property {() => void} hide
 * @property {(frame: VisitorFrame) => void} receive
 * @property {() => void} line The line is gone; `ready` says that it is back.
 */

/**
 * @typedef {object} Unsent A message on its way; lives in the storage until the server has it.
 * @property {string} uid
 * @property {string} text
 * @property {number} at When it was written; the order.
 * @property {string} tab The tab that sends it.
 * @property {number} [wait_until] The server asked to wait until then,
 * @property {boolean} [fast] because the visitor wrote too much in a row.
 * @property {string} [refusal] Why the server does not take it.
 * @property {UnsentFile} [file] The message is this file; kept by this page only.
 * @property {string} [batch] What was written with files waits until they are there.
 */

/**
 * @typedef {object} UnsentFile
 * @property {string} uid Of the attachment.
 * @property {File} file
 * @property {string} name
 * @property {boolean} ready The server has all of it.
 * @property {number} tries
 * @property {HTMLProgressElement} bar
 * @property {string} address Of a picture, on this device.
 * @property {number} [width] Of the picture, in pixels.
 * @property {number} [height]
 */

export {};
