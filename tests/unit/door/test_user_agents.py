"""A corpus of user agents, in the shapes that vendors document, and how well each class is found.

Source: the vendors' public pages on their crawlers, preview fetchers, image proxies, mail programs and libraries; the
version numbers are made up. `pytest -s` prints precision and recall.
"""

from __future__ import annotations

from collections import Counter

import pytest

from senet.door.visitors import judge

_KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"
_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
HUMAN = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_KHTML} Chrome/141.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_KHTML} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_KHTML} Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0",
    f"Mozilla/5.0 (X11; Linux x86_64) {_KHTML} Chrome/141.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_KHTML} Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT} Version/19.0 Safari/605.1.15",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT}",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) {_WEBKIT} Version/19.0 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {_WEBKIT} Mobile/15E148",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {_WEBKIT} CriOS/141.0.0.0 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {_WEBKIT} GSA/389.0 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) {_WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {_KHTML} Chrome/141.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 15; SM-S931B) {_KHTML} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 50) {_KHTML} Chrome/141.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 14; SM-A546B; wv) {_KHTML} Version/4.0 Chrome/141.0.0.0 Mobile Safari/537.36",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; .NET4.0C; ms-office; MSOffice 16)",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)",
    "Microsoft Office/16.0 (Microsoft Outlook Mail 16.0.17928; Pro)",
    "Outlook-iOS/2.0",
    "Outlook-Android/2.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Thunderbird/140.3.0",
    "Dalvik/2.1.0 (Linux; U; Android 14; SM-G991B Build/UP1A.231005.007)",
    "MobileMail/3826.600 CFNetwork/3826.600.41 Darwin/24.6.0",
    "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Mozilla/5.0 (PlayStation; PlayStation 5/9.00) AppleWebKit/605.1.15 (KHTML, like Gecko)",
)
PROXY = (
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "Mozilla/5.0 (via ggpht.com GoogleImageProxy)",
    "Mozilla/5.0",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    "YahooCacheSystem; YahooMailProxy",
    "Mozilla/5.0 (compatible; YandexImagesProxy/1.0)",
    "ImageProxy/1.0",
    "Mail image-proxy (example webmail)",
)
BOT = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    f"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) {_KHTML} Chrome/141.0 Mobile Safari (compatible; Googlebot/2.1)",
    "Googlebot-Image/1.0",
    "APIs-Google (+https://developers.google.com/webmasters/APIs-Google.html)",
    "Mediapartners-Google",
    "Google-Safety",
    "GoogleOther",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    f"Mozilla/5.0 {_KHTML}; compatible; BingPreview/1.0b) Chrome/141.0 Safari/537.36",
    "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
    "DuckDuckGo-Favicons-Bot/1.0; (+http://duckduckgo.com)",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) {_WEBKIT} Version/13.1 Safari/605.1.15 (Applebot/0.1)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
    "CCBot/2.0 (https://commoncrawl.org/faq/)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Twitterbot/1.0",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "TelegramBot (like TwitterBot)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "WhatsApp/2.24.20.89 A",
    "SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    "Barracuda Sentinel (EE)",
    "Mimecast URL Protection",
    "Proofpoint URL Defense",
    "Mozilla/5.0 (compatible; Cloudmark-LinkCheck/1.0)",
    "Mozilla/5.0 (Windows NT 10.0) TrendMicro WebReputation",
    "Sophos Email Link Inspector",
    "Zscaler Sandbox",
    "curl/8.9.1",
    "Wget/1.24.5",
    "python-requests/2.32.3",
    "Python-urllib/3.12",
    "Python/3.12 aiohttp/3.10",
    "python-httpx/0.27",
    "Go-http-client/2.0",
    "Java/21.0.4",
    "Apache-HttpClient/4.5.14 (Java/17)",
    "okhttp/4.12.0",
    "libwww-perl/6.77",
    "Ruby",
    "PHP/8.3",
    "GuzzleHttp/7",
    "axios/1.7.7",
    "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "undici",
    "PostmanRuntime/7.42.0",
    "HTTPie/3.2.3",
    "Scrapy/2.11 (+https://scrapy.org)",
    f"Mozilla/5.0 (X11; Linux x86_64) {_KHTML} HeadlessChrome/141.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (Unknown; Linux x86_64) {_WEBKIT} PhantomJS/2.1.1 Safari/538.1",
    "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.4648",
    "Microsoft Office Existence Discovery",
)
UNKNOWN = ("", "MailReader/4.1", "Acme Viewer 2", "-", "x")
CORPUS = {"human": HUMAN, "proxy": PROXY, "bot": BOT, "unknown": UNKNOWN}


def measure() -> dict[str, tuple[float, float]]:
    """Return precision and recall of each class."""
    judged = [(expected, judge(agent)[0]) for expected, agents in CORPUS.items() for agent in agents]
    found, right = Counter(verdict for _, verdict in judged), Counter(one for one, other in judged if one == other)
    return {name: (right[name] / found[name], right[name] / len(agents)) for name, agents in CORPUS.items()}


@pytest.mark.parametrize("name", CORPUS)
def test_each_class_is_found_with_few_mistakes(name: str) -> None:
    precision, recall = measure()[name]
    print(f"\n{name:8} {len(CORPUS[name]):3} user agents, precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201  -s shows it
    missed = [(agent, judge(agent)) for agent in CORPUS[name] if judge(agent)[0] != name]
    assert precision >= 0.97, missed
    assert recall >= 0.97, missed


def test_no_reader_is_taken_for_a_robot() -> None:
    assert [agent for agent in HUMAN if judge(agent)[0] == "bot"] == []
