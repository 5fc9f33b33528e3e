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
 * @typedef {object} Config What the server puts into `loader.js`, and says as `/w/KEY.json` to any site. What is standard is
 * left out.
 * @property {string} key
 * @property {number} version Grows with each change; `ready.look_version` and the frame `look` say the newest.
 * @property {string} assets Path of the assets, `/a/<hash>`.
 * @property {string} origin Where Beseda lives; used when the script's own address does not say it.
 * @property {'auto' | 'ru' | 'en'} language
 * @property {string} title The shop's name; `texts['w.title']` goes before it.
 * @property {Record<string, [string, string]>} texts Russian, English: the loader's own, and those that the owner changed
 * (w.title, w.online, w.leave, w.placeholder, w.formTitle, w.ended).
 * @property {ThemeColours} theme For the light scheme.
 * @property {ThemeColours} [dark] For the dark one, when `look.theme` is not light.
 * @property {LookParts} [look]
 * @property {GreetingConfig[]} [greetings]
 * @property {ConsentConfig} [consent]
 * @property {boolean} [show_typing] Operators see what is typed: `typing` carries the text.
 * @property {boolean} [off] The owner switched the site off: nothing is drawn, nothing connects.
 */

/**
 * @typedef {object} ThemeColours
 * @property {string} fill
 * @property {string} on_fill
 * @property {string} fill_hover
 * @property {string} soft
 * @property {string} accent_text
 * @property {string} edge
 */

/**
 * @typedef {object} LookParts Each only where it is not the standard one.
 * @property {'dark' | 'system'} [theme] Standard: light.
 * @property {'left'} [side] Standard: right.
 * @property {number} [offset_x] Standard: 20.
 * @property {number} [offset_y] Standard: 20.
 * @property {'circle'} [launcher] Standard: pill.
 * @property {'question' | 'phone' | 'heart'} [icon] Standard: speech.
 * @property {false} [faces] Standard: true.
 * @property {true} [hide_on_phones] Standard: false.
 * @property {string[]} [hidden_pages] Parts of addresses; standard: none.
 * @property {false} [sound] Standard: true.
 * @property {true} [open_on_message] Standard: false.
 */

/**
 * @typedef {object} GreetingConfig
 * @property {string} text
 * @property {string} [address_contains] Standard: everywhere.
 * @property {number} [seconds] Standard: 0.
 * @property {'new' | 'returning'} [visitors] Standard: all.
 * @property {Face} [operator]
 */

/**
 * @typedef {object} ConsentConfig
 * @property {'line' | 'box'} kind
 * @property {string} policy_url May be empty with a box.
 * @property {string} document_url May be empty with a line.
 * @property {[string, string]} text Russian, English.
 * @property {string} version What `send` and `contact` say as `consent: {version}`.
 */

/**
 * @typedef {object} Link What the loader hands to the window: its socket, its words, its place in the page.
 * @property {Config} config As the owner has it now.
 * @property {'ru' | 'en'} language As it is shown now.
 * @property {boolean} fresh This device had no token before.
 * @property {((frame: VisitorFrame) => void)[]} hears Others that hear every frame.
 * @property {string} origin Where Beseda lives.
 * @property {ReturnType<typeof import('./files.js').createFiles>} [files] Loaded when there are any.
 * @property {string} prefix Of this widget in the storage that it shares with the page.
 * @property {HTMLElement} root Inside the shadow root; the window goes before the launcher.
 * @property {HTMLElement} launcher
 * @property {VisitorFrame[]} frames What came before the window was loaded.
 * @property {(key: string, params?: Record<string, string | number>) => string} t Words; without `params` as they stand, braces too.
 * @property {El} el
 * @property {(path: string) => Element} icon
 * @property {(css: string) => void} style
 * @property {(name: string, session?: boolean) => string | null} get
 * @property {(name: string, value: string | null, session?: boolean) => void} set null removes.
 * @property {(command: VisitorCommand) => boolean} send false: there is no line.
 * @property {boolean} [wasReady] The event `ready` has been: once a page, however often the line is made anew.
 * @property {() => boolean} isUp Whether the server has said `ready` on this connection.
 * @property {() => void} prove Asks for a sign of life within 2 s, or connects anew.
 * @property {(text: string) => void} say Has a screen reader say it, politely.
 * @property {(byPerson: boolean) => Promise<void>} open
 * @property {() => void} close
 * @property {(name: string) => Promise<any>} part Loads a module of `assets/widget/`.
 * @property {() => Promise<View | undefined>} load The window; nothing when it cannot be loaded now.
 * @property {(language: 'ru' | 'en') => Promise<void>} speak
 * @property {(on: boolean) => void} shy Without a button, until the window is asked for.
 * @property {() => boolean} goesOn There is a dialogue that has not ended.
 * @property {string} [mode] The server's, of the status; nothing before the first word of it.
 * @property {(next: Config) => void} look Draws anew, with another config.
 * @property {() => void} forget Another visitor: a new token, nothing of the former.
 * @property {(name: string, detail?: unknown, told?: unknown) => undefined} emit An event for the shop's scripts; `told` is what analytics get of it.
 */

/**
 * @typedef {object} Words What is said until the language, or the owner's words, are others.
 * @property {(key: string) => Text} word
 * @property {<N extends Element>(node: N, names: Record<string, string>) => N} named Attributes, and the keys of their words.
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
 * @property {() => void} redraw In other words, or with another look.
 * @property {() => void} reset Another visitor's dialogue comes.
 * @property {() => void} clear Takes away what is typed and what is on its way.
 * @property {(text: string) => boolean} send false: the visitor has to agree first; the text is in the field.
 * @property {() => boolean} may Whether a message may go; says what is missing.
 * @property {(greeting: {text: string, operator: Face | null, at: number}) => void} greet
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
