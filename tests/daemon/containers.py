"""Containers for tests: made here, of documents with invented words."""
import gzip
import io
import json
import tarfile
import zipfile

PAGE = """<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>
<p>The ferry to Ostrel island leaves at nine, and the harbour office keeps number {number} for
those who come late. Tickets are sold on board, as in every summer before this one.</p>
<p>Bring a coat: the wind on the upper deck is colder than the street would have you think.</p>
</body></html>
"""


def page(number, title="Ferry"):
    return PAGE.format(title=f"{title} {number}", number=number).encode()


def warc_record(kind, url, block, content_type="application/http; msgtype=response",
                date="2024-05-06T07:08:09Z", version="1.0", extra=""):
    head = (f"WARC/{version}\r\nWARC-Type: {kind}\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{len(block):012d}>\r\n"
            f"WARC-Target-URI: {url}\r\nWARC-Date: {date}\r\nContent-Type: {content_type}\r\n"
            f"{extra}Content-Length: {len(block)}\r\n\r\n")
    return head.encode() + block + b"\r\n\r\n"


def http(body, content_type="text/html; charset=utf-8", extra=""):
    return (f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n{extra}\r\n").encode() + body


def warc_records(count, first=0):
    info = warc_record("warcinfo", "", b"software: a test\r\n", "application/warc-fields")
    return [info] + [
        warc_record("response", f"http://ostrel.example/a/{number}.html", http(page(number)))
        for number in range(first, first + count)]


def warc_gz(records):
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def zip_of(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tar_of(members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def json_lines(objects):
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in objects).encode()
