//! What the file system under an index says of itself: its free space, and whether it is a network's.

use std::path::Path;

/// The bytes that the user may still write in the folder `dir`, where that can be told.
#[cfg(unix)]
pub(super) fn free_bytes(dir: &Path) -> Option<u64> {
    let space = rustix::fs::statvfs(dir).ok()?;
    Some(space.f_bavail.saturating_mul(space.f_frsize))
}

#[cfg(not(unix))]
pub(super) fn free_bytes(_dir: &Path) -> Option<u64> {
    None
}

/// The name of the file system of the folder `dir`, if it is one that a network, another system or a
/// program stands behind.
///
/// Files on those may shrink or vanish under a reader that has mapped them, which ends its process,
/// and their locks may not hold.
#[cfg(target_os = "linux")]
pub(super) fn network(dir: &Path) -> Option<&'static str> {
    let found = rustix::fs::statfs(dir).ok()?.f_type;
    // The numbers have 32 bits; on some systems the field is wider, or signed.
    #[allow(clippy::unnecessary_cast)]
    name(found as u32)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn network(_dir: &Path) -> Option<&'static str> {
    None
}

/// Names by the numbers that statfs(2) and linux/magic.h list.
#[cfg(target_os = "linux")]
fn name(number: u32) -> Option<&'static str> {
    Some(match number {
        0x0000_6969 => "NFS",
        0x0000_517b | 0xfe53_4d42 | 0xff53_4d42 => "SMB",
        0x6573_5546 => "FUSE",
        0x0102_1997 => "9p",
        0x00c3_6400 => "Ceph",
        0x5346_414f | 0x6b41_4653 => "AFS",
        0x7375_7245 => "Coda",
        0x0000_564c => "NCP",
        0x0bd0_0bd0 => "Lustre",
        0x4750_4653 => "GPFS",
        0x0116_1970 => "GFS2",
        0x7461_636f => "OCFS2",
        0x786f_4256 => "vboxsf",
        _ => return None,
    })
}

#[cfg(test)]
#[cfg_attr(not(target_os = "linux"), allow(unused_imports))]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn network_file_systems_are_told_from_local_ones() {
        // As coreutils' stat(1) names them.
        for (number, expected) in
            [(0x6969, "NFS"), (0xff53_4d42, "SMB"), (0xfe53_4d42, "SMB"), (0x6573_5546, "FUSE")]
        {
            assert_eq!(name(number), Some(expected));
        }
        // ext4, xfs, btrfs, tmpfs, overlay.
        for local in [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630] {
            assert_eq!(name(local), None, "{local:x}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn free_space_is_told_of_a_folder_that_is_there() {
        assert!(free_bytes(Path::new("/")).is_some());
        assert_eq!(free_bytes(Path::new("/no such folder")), None);
    }
}
