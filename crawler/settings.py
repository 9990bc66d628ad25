"""Only what differs from Scrapy's defaults, each with its reason."""

from os import environ

BOT_NAME = "cardwatch"
# CARDWATCH_SPIDERS names further modules of sources, for lists that should not live in this package.
SPIDER_MODULES = ["cardwatch.crawler.spiders", *environ.get("CARDWATCH_SPIDERS", "").split()]

# No event loop but asyncio's: the aiohttp handler under ours is the fastest of Scrapy's.
TWISTED_REACTOR_ENABLED = False

# `scrapy crawl` keeps its answers where `cardwatch refresh` does, so that no run is lost.
CARDWATCH_ARCHIVE = environ.get("CARDWATCH_HOME", "var") + "/archive"
CARDWATCH_ALLOW_PRIVATE = False

# Ours stand for Scrapy's: its robots.txt lets through whoever waits for the answer, an unreachable one
# allows everything, gzip that ends early reads as a short page, and no host is refused anywhere.
ROBOTSTXT_OBEY = True
DOWNLOADER_MIDDLEWARES = {
    "cardwatch.crawler.middlewares.HostGuard": 50,
    "cardwatch.crawler.middlewares.RobotsGuard": 100,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
}
DOWNLOAD_HANDLERS = {
    "http": "cardwatch.crawler.fetch.ArchivingDownloadHandler",
    "https": "cardwatch.crawler.fetch.ArchivingDownloadHandler",
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}

# Polite first. The delay is a floor: Crawl-delay, Retry-After and a slow host only lengthen it.
DOWNLOAD_DELAY = 1.0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = DOWNLOAD_DELAY

# Scrapy does not check certificates unless told to.
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # the largest listing we know is 5 MB
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
REFERRER_POLICY = "scrapy.spidermiddlewares.referer.NoReferrerPolicy"
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"

# Consoles that would run Python for whoever reaches their port.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Every answer is an attempt with an outcome, so all of them reach the source; what else Scrapy does to each
# request and answer on the way costs time and tells us nothing.
SPIDER_MIDDLEWARES = dict.fromkeys(
    f"scrapy.spidermiddlewares.{name}"
    for name in (
        "start.StartSpiderMiddleware",
        "httperror.HttpErrorMiddleware",
        "urllength.UrlLengthMiddleware",
        "depth.DepthMiddleware",
        "metacopy.MetaCopyDetectionMiddleware",
    )
)

# Measured: one task per CONCURRENT_ITEMS and page, and a callback's source parsed for each page.
CONCURRENT_ITEMS = 8
WARN_ON_GENERATOR_RETURN_VALUE = False

LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False
