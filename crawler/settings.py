"""Only what differs from Scrapy's defaults, each with its reason."""

BOT_NAME = "cardwatch"
SPIDER_MODULES = ["crawler.spiders"]
ADDONS: dict[str, int] = {}

# We ask for public facts and say who we are; cardwatch.toml adds the contact.
USER_AGENT = "cardwatch/0.1"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "cardwatch"

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
REFERER_ENABLED = False
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}

# Consoles that would run Python for whoever reaches their port.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Every answer is an attempt with an outcome, so all of them reach the source.
HTTPERROR_ALLOW_ALL = True

# Measured: one task per CONCURRENT_ITEMS and page, and a callback's source parsed for each page.
CONCURRENT_ITEMS = 8
WARN_ON_GENERATOR_RETURN_VALUE = False

LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False
