"""The portal on a simulator of which one Region's lists of jobs are spoiled on the way.

usage: region.py WAY REGION METRICS      reads {"url", "email", "password"} of a portal from standard input; WAY is how
                                         the answers are spoiled, METRICS the address of the portal's metrics
"""

import re
import sys
import time
import urllib.request

from portal import check, end, ready, text_of

# What may be said of a Region that could not be read, in whatever words.
TROUBLE = r"not available|never read|not read|could not be read|not yet|blocked|unreadable|missing|failed|refused|spoiled|broken"
TRIES, BETWEEN_TRIES = 150, 2


def metrics(address):
    with urllib.request.urlopen(f"http://{address}/metrics") as answer:
        return answer.read().decode()


def value(text, name):
    found = re.search(rf"^{name}(?:_total)?(?:{{[^}}]*}})? ([0-9.]+)$", text, re.MULTILINE)
    return float(found.group(1)) if found else None


def told(text, region):
    """Whether a page names the Region beside a word of trouble."""
    return re.search(rf"{region}.{{0,200}}?({TROUBLE})|({TROUBLE}).{{0,200}}?{region}", text, re.IGNORECASE)


def tone(page):
    found = re.search(r'class="freshness"[^>]*data-tone="?(\w+)|data-tone="?(\w+)[^>]*class="freshness"', page)
    return next(filter(None, found.groups()), "") if found else ""


def wait(portal):
    """Until a reading has ended: nothing is being read, and other Regions' jobs are there."""
    for _ in range(TRIES):
        status, page = portal.page("/jobs")
        if status == 200 and "eu-central-1" in page and tone(page) not in ("info", "idle"):
            return
        time.sleep(BETWEEN_TRIES)


def main(way, region, address):
    portal = ready()
    wait(portal)
    scraped = metrics(address)
    check(f"{way}: metrics count the sync as failing", value(scraped, "holdfast_sync_failing") == 1, scraped[:0])
    ages = re.findall(rf'^holdfast_jobs_read_age_seconds{{[^}}]*region="{region}"[^}}]*}}.*', scraped, re.MULTILINE)
    read = re.findall(r'^holdfast_jobs_read_age_seconds{[^}]*region="eu-central-1"[^}]*}.*', scraped, re.MULTILINE)
    check(f"{way}: metrics tell the age of what was read and none of {region}", len(read) == 3 and not ages, read + ages)
    for path in ["/", "/jobs", "/jobs?state=failed"]:
        status, page = portal.page(path)
        check(f"{way}: {path} is shown", status == 200, status)
        check(f"{way}: the header of {path} is not calm", tone(page) in ("bad", "warn"), tone(page))
        text = text_of(page.split("<main", 1)[-1])
        check(f"{way}: {path} says that {region} was not read", told(text, region), text[:300])
    end(f"{region} spoiled by {way}")


main(*sys.argv[1:])
