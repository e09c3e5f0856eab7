"""A FUSE server that mirrors a folder: `fuse_mirror.py FOLDER MOUNTPOINT [noreplace]`, as root, until it is
unmounted.

For tests of an inbox that others write to behind the kernel's back: whoever writes to FOLDER is one
of them. As with many a server, its clock is an hour behind. The protocol is linux/fuse.h's, 7.31; a
number of requests that taxond has no use for are answered with ENOSYS.
"""
import ctypes
import errno
import os
import stat
import struct
import sys

HEADER = struct.Struct("<IIQQIIIHH")
BEHIND_S = 3600
MOST_WRITE = 65536
ROOT = 1
LIBC = ctypes.CDLL(None, use_errno=True)
FATTR_MODE, FATTR_SIZE = 1, 8


def attributes(status):
    seconds = [int(time) - BEHIND_S for time in (status.st_atime, status.st_mtime, status.st_ctime)]
    rests = [time % 10**9 for time in (status.st_atime_ns, status.st_mtime_ns, status.st_ctime_ns)]
    return struct.pack("<6Q10I", status.st_ino, status.st_size, status.st_blocks, *seconds, *rests,
                       status.st_mode, status.st_nlink, status.st_uid, status.st_gid, 0, 4096, 0)


class Mirror:
    def __init__(self, folder, fd, noreplace):
        self.noreplace = noreplace
        self.folder = os.fsencode(folder)
        self.fd = fd
        self.nodes = {ROOT: (0, b"")}  # node: (parent, name)
        self.by_inode = {}
        self.last = ROOT
        self.listings = {}
        self.listed = 0
        self.does = {
            1: self.lookup, 3: self.getattr, 4: self.setattr, 9: self.mkdir, 10: self.unlink,
            11: self.rmdir, 12: self.rename, 14: self.open, 15: self.read, 16: self.write,
            17: self.statfs, 18: self.release, 20: self.nothing, 25: self.nothing, 26: self.init,
            27: self.opendir, 28: self.readdir, 29: self.releasedir, 30: self.nothing,
            35: self.create, 45: self.rename2}

    def serve(self):
        while True:
            try:
                request = os.read(self.fd, MOST_WRITE + 4096)
            except OSError as error:
                if error.errno == errno.ENODEV:  # unmounted
                    return
                if error.errno in (errno.EINTR, errno.ENOENT, errno.EAGAIN):
                    continue
                raise
            _, code, unique, node = HEADER.unpack_from(request)[:4]
            if code in (2, 36, 42):  # FORGET, INTERRUPT, BATCH_FORGET: have no answer
                continue
            try:
                answer, failure = self.does[code](node, request[HEADER.size:]), 0
            except KeyError:
                answer, failure = b"", errno.ENOSYS
            except OSError as error:
                answer, failure = b"", error.errno
            try:
                os.write(self.fd, struct.pack("<IiQ", 16 + len(answer), -failure, unique) + answer)
            except OSError as error:
                if error.errno != errno.ENOENT:  # whoever asked was interrupted
                    raise

    def path(self, node, name=None):
        parts = [] if name is None else [name]
        while node != ROOT:
            node, part = self.nodes[node]
            parts.append(part)
        return b"/".join([self.folder, *reversed(parts)])

    def entry(self, parent, name):
        status = os.lstat(self.path(parent, name))
        node = self.by_inode.get(status.st_ino)
        if node is None:
            self.last += 1
            node = self.by_inode[status.st_ino] = self.last
        self.nodes[node] = (parent, name)
        return struct.pack("<4Q2I", node, 0, 0, 0, 0, 0) + attributes(status)

    def leave(self, parent, name):
        """The inode's number may be given to another file from here on."""
        status = os.lstat(self.path(parent, name))
        if status.st_nlink == 1 or stat.S_ISDIR(status.st_mode):
            self.by_inode.pop(status.st_ino, None)

    def init(self, node, body):
        return struct.pack("<4I2H2I2H8I", 7, 31, 0, 0, 16, 12, MOST_WRITE, 1, 16, 0, *[0] * 8)

    def nothing(self, node, body):
        return b""

    def lookup(self, node, body):
        return self.entry(node, body[:-1])

    def getattr(self, node, body):
        flags, _, handle = struct.unpack_from("<IIQ", body)
        status = os.fstat(handle) if flags & 1 else os.lstat(self.path(node))
        return struct.pack("<QII", 0, 0, 0) + attributes(status)

    def setattr(self, node, body):
        valid, _, _, size = struct.unpack_from("<IIQQ", body)
        mode = struct.unpack_from("<I", body, 68)[0]
        if valid & FATTR_MODE:
            os.chmod(self.path(node), stat.S_IMODE(mode))
        if valid & FATTR_SIZE:
            os.truncate(self.path(node), size)
        return struct.pack("<QII", 0, 0, 0) + attributes(os.lstat(self.path(node)))

    def mkdir(self, node, body):
        name = body[8:-1]
        os.mkdir(self.path(node, name), struct.unpack_from("<I", body)[0] & 0o7777)
        return self.entry(node, name)

    def unlink(self, node, body):
        self.leave(node, body[:-1])
        os.unlink(self.path(node, body[:-1]))
        return b""

    def rmdir(self, node, body):
        self.leave(node, body[:-1])
        os.rmdir(self.path(node, body[:-1]))
        return b""

    def rename_to(self, node, target, names, flags=0):
        old, new = names.split(b"\0")[:2]
        if flags == 0 and os.path.lexists(self.path(target, new)):
            self.leave(target, new)
        if LIBC.renameat2(-100, self.path(node, old), -100, self.path(target, new), flags) != 0:
            raise OSError(ctypes.get_errno(), "renameat2")
        moved = self.by_inode.get(os.lstat(self.path(target, new)).st_ino)
        if moved is not None:
            self.nodes[moved] = (target, new)
        return b""

    def rename(self, node, body):
        return self.rename_to(node, struct.unpack_from("<Q", body)[0], body[8:])

    def rename2(self, node, body):
        """RENAME_NOREPLACE may be refused, as by NFS: the caller has to do without."""
        target, flags = struct.unpack_from("<QI", body)
        if not self.noreplace:
            raise OSError(errno.EINVAL, "flags")
        return self.rename_to(node, target, body[16:], flags)

    def open(self, node, body):
        flags = struct.unpack_from("<I", body)[0] & (os.O_ACCMODE | os.O_APPEND)
        return struct.pack("<QII", os.open(self.path(node), flags), 0, 0)

    def create(self, node, body):
        flags, mode = struct.unpack_from("<II", body)
        name = body[16:-1]
        handle = os.open(self.path(node, name), flags & ~os.O_NOFOLLOW, mode & 0o7777)
        return self.entry(node, name) + struct.pack("<QII", handle, 0, 0)

    def read(self, node, body):
        handle, offset, size = struct.unpack_from("<QQI", body)
        return os.pread(handle, size, offset)

    def write(self, node, body):
        handle, offset, size = struct.unpack_from("<QQI", body)
        return struct.pack("<II", os.pwrite(handle, body[40:40 + size], offset), 0)

    def release(self, node, body):
        os.close(struct.unpack_from("<Q", body)[0])
        return b""

    def statfs(self, node, body):
        found = os.statvfs(self.folder)
        return struct.pack("<5Q10I", found.f_blocks, found.f_bfree, found.f_bavail, found.f_files,
                           found.f_ffree, found.f_bsize, 255, found.f_frsize, *[0] * 7)

    def opendir(self, node, body):
        self.listed += 1
        entries = [(b".", 1), (b"..", 1)]
        entries += [(os.fsencode(each.name), each.inode()) for each in os.scandir(self.path(node))]
        self.listings[self.listed] = entries
        return struct.pack("<QII", self.listed, 0, 0)

    def readdir(self, node, body):
        handle, offset, size = struct.unpack_from("<QQI", body)
        answer = b""
        for number, (name, inode) in enumerate(self.listings[handle][offset:], offset + 1):
            entry = struct.pack("<QQII", inode, number, len(name), 0) + name  # of unknown type
            entry += b"\0" * (-len(entry) % 8)
            if len(answer) + len(entry) > size:
                break
            answer += entry
        return answer

    def releasedir(self, node, body):
        del self.listings[struct.unpack_from("<Q", body)[0]]
        return b""


def main():
    folder, mount_point = sys.argv[1:3]
    fd = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={fd},rootmode=40000,user_id=0,group_id=0,allow_other"
    if LIBC.mount(b"mirror", os.fsencode(mount_point), b"fuse", 6, options.encode()) != 0:
        sys.exit(f"mount: {os.strerror(ctypes.get_errno())}")
    Mirror(folder, fd, "noreplace" in sys.argv[3:]).serve()


if __name__ == "__main__":
    main()
