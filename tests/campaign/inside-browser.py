# SPDX-License-Identifier: BSD-2-Clause
"""inside-browser.py PAGE PICTURE: a reader of the page, with a mouse: each link leads to
what it names and shows it; the page asks for no other file, and its browser has nothing
to say against it."""

import os
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

IN_SIGHT = """const box = document.querySelector(':target').getBoundingClientRect();
return box.top >= -1 && box.top < window.innerHeight && box.height > 0;"""

page, picture = sys.argv[1:]
options = webdriver.ChromeOptions()
for argument in ("--headless=new", "--no-sandbox", "--disable-gpu",
                 "--disable-dev-shm-usage", "--window-size=1200,900"):
    options.add_argument(argument)
options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
try:
    browser.get("file://" + os.path.abspath(page))
    browser.save_screenshot(picture)
    assert browser.find_element(By.ID, "sums").text.startswith(
        "1 passed, 0 failed, 1 broken, 0 not run of 2 runs"), "sums"
    links = browser.find_elements(By.TAG_NAME, "a")
    for link in links:
        wanted = link.get_attribute("href").split("#")[1]
        link.click()
        assert browser.execute_script("return location.hash") == "#" + wanted
        assert browser.execute_script(IN_SIGHT), f"{wanted} is out of sight"
    console, = (text for text in browser.find_elements(By.TAG_NAME, "pre")
                if "no <memory> left" in text.text)
    assert console.is_displayed()
    others = browser.execute_script(
        "return performance.getEntriesByType('resource').map(one => one.name)")
    assert others == [], others
    said = browser.get_log("browser")
    assert said == [], said
    print(f"chromium: {len(links)} links, each leads to what it names; no other file "
          "was asked for")
finally:
    browser.quit()
