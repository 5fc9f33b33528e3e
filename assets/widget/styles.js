/**
 * The window's style sheet, as a module: a strict CSP of the shop lets scripts of ours in, and needs no word about styles.
 * Unnested and without new functions, for older phones. Colours of the brand come as properties from the loader.
 */
export const css = `
.beseda{--surface:#fff;--surface-2:#edeff2;--surface-3:#e2e5ea;--border:#d9dde4;--border-strong:#757e90;--text:#1a1e27;--text-2:#4f5969;--text-3:#5a6473;--danger:#b3261e;--danger-soft:#fdecea;--warning:#8a5300;--warning-soft:#fff4d6;color-scheme:light}
.beseda[data-theme=dark] .window{--surface:#1a1d23;--surface-2:#23272f;--surface-3:#2e343e;--border:#323842;--border-strong:#7a8495;--text:#e7e9ed;--text-2:#b3bac6;--text-3:#9ba4b3;--danger:#ff9a92;--danger-soft:#45191a;--warning:#f2c14e;--warning-soft:#372b0d;--soft:var(--dark-soft);--accent-text:var(--dark-accent-text);--edge:var(--dark-edge);color-scheme:dark;color:var(--text)}
@media (prefers-color-scheme:dark){.beseda[data-theme=system] .window{--surface:#1a1d23;--surface-2:#23272f;--surface-3:#2e343e;--border:#323842;--border-strong:#7a8495;--text:#e7e9ed;--text-2:#b3bac6;--text-3:#9ba4b3;--danger:#ff9a92;--danger-soft:#45191a;--warning:#f2c14e;--warning-soft:#372b0d;--soft:var(--dark-soft);--accent-text:var(--dark-accent-text);--edge:var(--dark-edge);color-scheme:dark;color:var(--text)}}
[hidden],[data-faces=false] .face{display:none!important}
button{letter-spacing:inherit;text-align:inherit}
button::-moz-focus-inner{border:0}

.window{position:fixed;right:var(--side);bottom:calc(60px + var(--foot));display:flex;flex-direction:column;width:376px;height:640px;max-height:calc(100% - 92px - var(--y));overflow:hidden;border:1px solid var(--border);border-radius:16px;background:var(--surface);box-shadow:0 16px 48px rgba(16,20,30,.24);animation:window 220ms cubic-bezier(.2,0,0,1);transform-origin:100% 100%;text-align:left;-webkit-user-select:text;user-select:text}
[data-side=left] .window{right:auto;left:var(--side);transform-origin:0 100%}
[data-launcher=circle] .window{bottom:calc(72px + var(--foot));max-height:calc(100% - 104px - var(--y))}
@keyframes window{from{opacity:0;transform:translateY(12px) scale(.98)}}

.head{position:relative;z-index:1;display:flex;flex:none;align-items:center;min-height:76px;padding:8px 8px 8px 16px;border-bottom:1px solid var(--edge);background:var(--fill);color:var(--on-fill)}
.faces{display:flex;flex:none}
.faces .face{border:2px solid var(--fill);width:32px;height:32px;line-height:28px}
.faces .face+.face{margin-left:-8px}
.faces:not(:empty){margin-right:10px}
.who{flex:1;min-width:0}
.title{margin:0;font-size:16px;line-height:22px;font-weight:600;overflow-wrap:anywhere;word-break:break-word;outline-offset:-2px}
.title:focus{outline:none}
.title:focus-visible{outline:2px solid var(--on-fill)}
.status{display:flex;margin:0;font-size:13px;line-height:18px}
.status::before{flex:none;box-sizing:border-box;width:8px;height:8px;margin:5px 6px 0 0;border:1.5px solid currentColor;border-radius:50%;content:""}
.status[data-online=true]::before{background:currentColor}
.quiet{display:flex;flex:none;align-items:center;justify-content:center;width:40px;height:40px;border-radius:8px}
.quiet:hover{background:var(--fill-hover)}
.quiet:focus-visible{outline-color:var(--on-fill);outline-offset:-4px}
.quiet[aria-controls] path{stroke-width:3}
.menu{position:absolute;top:calc(100% - 4px);right:12px;padding:4px;border:1px solid var(--border);border-radius:12px;background:var(--surface);color:var(--text);box-shadow:0 4px 16px rgba(16,20,30,.14),0 1px 3px rgba(16,20,30,.1)}
.switch{display:flex;align-items:center;justify-content:space-between;min-width:240px;min-height:44px;padding:8px 12px;border-radius:8px;font-size:14px;line-height:20px}
a.switch{color:inherit;text-decoration:none}
.switch:hover{background:var(--surface-2)}
.knob{flex:none;width:36px;height:20px;margin-left:16px;padding:2px;border:1px solid var(--border-strong);border-radius:10px;background:var(--surface)}
.knob::before{display:block;width:14px;height:14px;border-radius:50%;background:var(--border-strong);content:""}
.switch[aria-checked=true] .knob{border-color:var(--edge);background:var(--fill)}
.switch[aria-checked=true] .knob::before{margin-left:16px;background:var(--on-fill)}

.messages{position:relative;display:flex;flex:1;flex-direction:column;min-height:0}
.dialogue{position:relative;flex:1;min-height:0;padding:16px 16px 36px;overflow-x:hidden;overflow-y:auto;overflow-anchor:none;overscroll-behavior:contain;-webkit-overflow-scrolling:touch}
.dialogue:focus-visible{outline-offset:-2px}
.window[data-ended=true]{height:auto}
ol{display:flex;flex-direction:column;margin:0;padding:0;list-style:none}
.empty{margin:24px auto;max-width:260px;color:var(--text-2);text-align:center}
.loading{position:absolute;top:8px;left:50%;margin:0;padding:4px 12px;border:1px solid var(--border);border-radius:999px;background:var(--surface);color:var(--text-2);font-size:13px;line-height:18px;white-space:nowrap;transform:translateX(-50%)}
li{display:flex;flex-direction:column;max-width:100%}
.date,.earlier{align-items:center;margin:16px 0 8px}
.date:first-child,.earlier:first-child{margin-top:0}
.date span{padding:2px 12px;border-radius:999px;background:var(--surface-2);color:var(--text-2);font-size:12px;line-height:18px}
.earlier span{width:100%;color:var(--text-2);font-size:13px;line-height:18px;text-align:center}
.earlier span::before,.earlier span::after{display:inline-block;width:24px;height:1px;margin:0 8px;background:var(--border-strong);vertical-align:middle;content:""}
.own{align-items:flex-end}
.theirs{align-items:flex-start}
.own,.theirs{margin-top:4px}
.first{margin-top:12px}
.name{display:flex;align-items:center;max-width:100%;margin-bottom:4px;color:var(--text-2);font-size:13px;line-height:18px;overflow-wrap:anywhere}
.face img{display:block;width:100%;height:100%;object-fit:cover}
.sent{margin:16px 0 0;color:var(--text);font-weight:600;text-align:center;overflow-wrap:anywhere}
.sent bdi{display:inline-block;max-width:100%}
.face{display:inline-block;flex:none;width:28px;height:28px;overflow:hidden;border-radius:50%;color:#fff;font-size:11px;font-weight:600;line-height:28px;text-align:center}
.face img{display:block;width:100%;height:100%;object-fit:cover}
.name .face,.typing .face{width:24px;height:24px;margin-right:8px;font-size:10px;line-height:24px}
[data-ground="0"]{background:#9a4b22}
[data-ground="1"]{background:#7a5f00}
[data-ground="2"]{background:#3f6e2b}
[data-ground="3"]{background:#0e6e68}
[data-ground="4"]{background:#1c64a8}
[data-ground="5"]{background:#5a50b5}
[data-ground="6"]{background:#8c3f93}
[data-ground="7"]{background:#a43a5c}
.bubble{position:relative;min-width:0;max-width:85%;padding:8px 12px;border:1px solid transparent;border-radius:14px}
.own .bubble{border-color:var(--edge);background:var(--fill);color:var(--on-fill)}
.theirs .bubble{background:var(--surface-2)}
.own:not(.first) .bubble{border-top-right-radius:4px}
.theirs:not(.first) .bubble{border-top-left-radius:4px}
.bubble p{margin:0;overflow-wrap:anywhere;white-space:pre-wrap;word-break:break-word}
.bubble p::after{display:block;clear:both;content:""}
.bubble a{color:inherit;text-decoration:underline;text-underline-offset:2px}
.theirs .bubble a{color:var(--accent-text)}
.own .bubble a:focus-visible{outline-color:var(--on-fill)}
.quote{display:block;width:100%;margin:2px 0 6px;padding:2px 8px;border-left:3px solid currentColor;border-radius:4px;text-align:left;font-size:13px;line-height:18px}
.quoted{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden;overflow-wrap:anywhere}
.theirs .quote{border-color:var(--accent-text);background:var(--surface-3)}
.own .quote:focus-visible{outline-color:var(--on-fill)}
.found{outline:none}
.found .bubble{animation:found 1.6s}
@keyframes found{0%,60%{box-shadow:0 0 0 3px var(--accent-text)}}
.edited{margin-right:6px}
.meta{display:flex;float:right;align-items:center;margin:5px -2px -3px 10px;font-size:12px;line-height:16px;font-variant-numeric:tabular-nums;direction:ltr}
.theirs .meta{color:var(--text-2)}
.mark{display:flex;margin-left:4px}
.mark svg{width:16px;height:16px}
.failed .bubble{border-color:var(--danger);background:var(--surface);color:var(--text)}
.failed .mark{color:var(--danger)}
.note{max-width:85%;margin-top:4px;color:var(--text-2);font-size:13px;line-height:18px;overflow-wrap:anywhere;text-align:right}
.failed .note{color:var(--danger)}
.retry{min-height:24px;border-radius:4px;color:var(--danger);font-weight:600;text-decoration:underline;text-underline-offset:2px}
.typing{position:absolute;bottom:4px;left:16px;display:flex;align-items:center;margin:0;padding:2px 10px 2px 0;border-radius:14px;background:var(--surface)}
.dots{display:flex}
.dots i{width:6px;height:6px;margin-right:4px;border-radius:50%;background:var(--text-3);animation:dots 1.2s infinite}
.dots i:nth-child(2){animation-delay:.15s}
.dots i:nth-child(3){animation-delay:.3s}
@keyframes dots{0%,60%,100%{transform:none}30%{transform:translateY(-4px)}}
.down{position:absolute;right:16px;bottom:12px;display:flex;align-items:center;justify-content:center;width:40px;height:40px;border:1px solid var(--border-strong);border-radius:50%;background:var(--surface);color:var(--text-2);box-shadow:0 4px 16px rgba(16,20,30,.14)}

.ending{margin-top:20px;padding-top:16px;border-top:1px solid var(--border);text-align:center}
.ended{margin:0 0 12px;color:var(--text-2)}
.spam{flex:1;margin:0;padding:32px 24px;color:var(--text-2);text-align:center}
.rating{padding:16px;border:1px solid var(--border);border-radius:12px;text-align:left}
.stars{display:flex;flex-wrap:wrap;justify-content:center;min-width:0;margin:0 0 8px;padding:0;border:0}
legend{width:100%;margin:0 0 4px;padding:0;font-weight:600;text-align:center}
.stars label{position:relative;display:flex;width:44px;height:44px;align-items:center;justify-content:center;border-radius:8px;cursor:pointer}
.stars input{position:absolute;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.stars svg{width:28px;height:28px;stroke-width:1.2;color:var(--accent-text)}
.stars label[data-on] svg{fill:currentColor}
.stars label:focus-within{outline:2px solid var(--accent-text);outline-offset:-2px}
.rating>label{display:block;margin-bottom:4px;font-size:13px;line-height:18px;font-weight:600}
textarea{display:block;width:100%;margin:0;border:1px solid var(--border-strong);border-radius:8px;background:var(--surface);color:var(--text);font:inherit;letter-spacing:inherit;resize:none;-webkit-appearance:none;appearance:none}
textarea:focus-visible{border-color:var(--accent-text);outline-offset:-2px}
.rating textarea{padding:7px 11px}
.problem{margin:8px 0 0;color:var(--danger);font-size:13px;line-height:18px}
.problem:empty{display:none}
.buttons{display:flex;flex-wrap:wrap;gap:8px;margin-top:12px}
.primary,.plain{min-height:40px;padding:8px 14px;border:1px solid var(--edge);border-radius:8px;background:var(--fill);color:var(--on-fill);font-size:14px;line-height:20px;font-weight:600;text-align:center}
.primary:hover{background:var(--fill-hover)}
.plain{border-color:transparent;background:none;color:var(--text)}
.plain:hover{background:var(--surface-2)}
.primary[aria-disabled=true]{border-color:transparent;background:var(--surface-2);color:var(--text-3);cursor:default}
.thanks{margin:0 0 12px;font-weight:600}
.thanks:empty{display:none}

.net{flex:none;margin:0;padding:6px 16px;background:var(--warning-soft);color:var(--warning);font-size:13px;line-height:18px}
.foot{flex:none;padding:12px;border-top:1px solid var(--border)}
.again{display:block;width:100%;min-height:44px}
.composer{display:flex;flex-wrap:wrap;align-items:flex-end}
.composer textarea{flex:1;width:auto;min-width:0;min-height:44px;max-height:127px;padding:10px 12px;overflow-y:auto;border-radius:12px;overflow-wrap:anywhere}
textarea::placeholder{color:var(--text-3);opacity:1}
.send{display:flex;flex:none;align-items:center;justify-content:center;width:44px;height:44px;margin-left:8px;border:1px solid var(--edge);border-radius:12px;background:var(--fill);color:var(--on-fill)}
.clip{display:flex;flex:none;align-items:center;justify-content:center;width:44px;height:44px;border-radius:12px;color:var(--text-2)}
.clip:hover{background:var(--surface-2)}
.limits{width:100%;margin-bottom:8px;border-color:var(--border-strong)}
.send:hover{background:var(--fill-hover)}
.send[aria-disabled=true]{border-color:transparent;background:var(--surface-2);color:var(--text-3);cursor:default}
.count{width:100%;margin-top:4px;color:var(--text-2);font-size:13px;line-height:18px;font-variant-numeric:tabular-nums}
.count:empty{display:none}
.count[data-over=true]{color:var(--danger);font-weight:600}

@media (pointer:coarse){.quiet{width:44px;height:44px}button.quote{min-height:44px}.retry{min-height:44px}.primary,.plain{min-height:44px}.down{width:44px;height:44px}}
@media (max-width:639.98px),(max-height:479.98px){
.beseda .window{top:var(--top,0);right:0;bottom:auto;left:0;width:auto;height:100vh;height:var(--height,100dvh);max-height:none;border:0;border-radius:0;box-shadow:none}
.beseda .window[data-ended=true]{height:var(--height,100vh)}
.head{padding-top:calc(8px + env(safe-area-inset-top,0px))}
.foot{padding-bottom:calc(12px + env(safe-area-inset-bottom,0px))}
textarea{font-size:16px}
.window:not([hidden])~.launcher{display:none}
.launcher[aria-expanded=true]{visibility:hidden}
}
@media (prefers-reduced-motion:reduce){.window{animation:fade 80ms}.dots i{animation:none}}
@keyframes fade{from{opacity:0}}
@media (forced-colors:active){.send,.launcher,.primary,.menu,.face{border:1px solid ButtonText}}`;
