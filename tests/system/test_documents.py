# SPDX-License-Identifier: BSD-2-Clause
"""Documents for those who embed the libraries, followed to the letter in an empty
folder. What docs/kvm.md makes runs in test_kvm.py."""

import pytest

import follow


@pytest.mark.parametrize("document", ("docs/dispatcher.md", "docs/client.md",
                                      "docs/ras.md", "docs/kvm.md", "docs/campaign.md"))
def test_followed(document, tmp_path):
    follow.follow(document, str(tmp_path / "empty"))


@pytest.mark.parametrize("document, why", (
    ("<!-- file: a -->\n```\nx\n```\n<!-- run -->\n```sh\ncat b\n```\n", "this fails"),
    ("<!-- file: a -->\n```\nx\n```\n<!-- run -->\n```sh\ncat a\n```\n"
     "<!-- prints -->\n```\ny\n```\n", "not printed: y"),
    ("<!-- file: a -->\n```\nx\ny\n```\n<!-- run -->\n```sh\ncat a\n```\n"
     "<!-- prints -->\n```\ny\nx\n```\n", "not printed: x"),
    ("```sh\ncat a\n```\n", "marks no files"),
), ids=("command", "output", "order", "marks"))
def test_a_wrong_document_is_noticed(document, why, tmp_path):
    path = tmp_path / "document.md"
    path.write_text(document)
    with pytest.raises(SystemExit) as failed:
        follow.follow(str(path), str(tmp_path / "empty"))
    assert why in str(failed.value)
