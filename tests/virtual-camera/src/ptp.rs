//! The words of PTP (ISO 15740) and of Canon's EOS extension, and how a dataset is spelled in bytes.
//!
//! Only what the camera plays is named here. Numbers and names follow the standard; Canon's are
//! those listed in libgphoto2 `camlibs/ptp2/ptp.h`. Everything on the wire is little-endian.

/// Operation codes: what the host may ask.
pub(crate) mod op {
    pub(crate) const GET_DEVICE_INFO: u16 = 0x1001;
    pub(crate) const OPEN_SESSION: u16 = 0x1002;
    pub(crate) const CLOSE_SESSION: u16 = 0x1003;
    pub(crate) const GET_STORAGE_IDS: u16 = 0x1004;
    pub(crate) const GET_STORAGE_INFO: u16 = 0x1005;
    pub(crate) const GET_OBJECT_HANDLES: u16 = 0x1007;
    pub(crate) const GET_OBJECT_INFO: u16 = 0x1008;
    pub(crate) const GET_OBJECT: u16 = 0x1009;
    pub(crate) const GET_THUMB: u16 = 0x100A;
    pub(crate) const DELETE_OBJECT: u16 = 0x100B;
    pub(crate) const GET_DEVICE_PROP_DESC: u16 = 0x1014;
    pub(crate) const GET_DEVICE_PROP_VALUE: u16 = 0x1015;
    pub(crate) const GET_PARTIAL_OBJECT: u16 = 0x101B;

    pub(crate) const EOS_GET_STORAGE_IDS: u16 = 0x9101;
    pub(crate) const EOS_GET_STORAGE_INFO: u16 = 0x9102;
    pub(crate) const EOS_GET_DEVICE_INFO_EX: u16 = 0x9108;
    pub(crate) const EOS_GET_OBJECT_INFO_EX: u16 = 0x9109;
    pub(crate) const EOS_SET_OBJECT_ATTRIBUTES: u16 = 0x910C;
    pub(crate) const EOS_SET_DEVICE_PROP_VALUE_EX: u16 = 0x9110;
    pub(crate) const EOS_SET_REMOTE_MODE: u16 = 0x9114;
    pub(crate) const EOS_SET_EVENT_MODE: u16 = 0x9115;
    pub(crate) const EOS_GET_EVENT: u16 = 0x9116;
    pub(crate) const EOS_TRANSFER_COMPLETE: u16 = 0x9117;
    pub(crate) const EOS_PC_HDD_CAPACITY: u16 = 0x911A;
    pub(crate) const EOS_SET_UI_LOCK: u16 = 0x911B;
    pub(crate) const EOS_RESET_UI_LOCK: u16 = 0x911C;
    pub(crate) const EOS_KEEP_DEVICE_ON: u16 = 0x911D;
    pub(crate) const EOS_REQUEST_DEVICE_PROP_VALUE: u16 = 0x9127;
    pub(crate) const EOS_REMOTE_RELEASE_ON: u16 = 0x9128;
    pub(crate) const EOS_REMOTE_RELEASE_OFF: u16 = 0x9129;
    pub(crate) const EOS_SET_REQUEST_OLC_INFO_GROUP: u16 = 0x913D;
    pub(crate) const EOS_INITIATE_VIEWFINDER: u16 = 0x9151;
    pub(crate) const EOS_TERMINATE_VIEWFINDER: u16 = 0x9152;
    pub(crate) const EOS_GET_VIEWFINDER_DATA: u16 = 0x9153;
    pub(crate) const EOS_DO_AF: u16 = 0x9154;
    pub(crate) const EOS_AF_CANCEL: u16 = 0x9160;

    /// What GetDeviceInfo says the camera can do; the order is that of a real body's list.
    pub(crate) const SUPPORTED: &[u16] = &[
        OPEN_SESSION,
        CLOSE_SESSION,
        GET_DEVICE_INFO,
        GET_STORAGE_IDS,
        EOS_GET_STORAGE_IDS,
        GET_STORAGE_INFO,
        EOS_GET_STORAGE_INFO,
        GET_OBJECT_HANDLES,
        GET_OBJECT_INFO,
        GET_OBJECT,
        DELETE_OBJECT,
        GET_THUMB,
        GET_PARTIAL_OBJECT,
        GET_DEVICE_PROP_DESC,
        GET_DEVICE_PROP_VALUE,
        EOS_GET_DEVICE_INFO_EX,
        EOS_GET_OBJECT_INFO_EX,
        EOS_SET_OBJECT_ATTRIBUTES,
        EOS_SET_DEVICE_PROP_VALUE_EX,
        EOS_SET_REMOTE_MODE,
        EOS_SET_EVENT_MODE,
        EOS_GET_EVENT,
        EOS_TRANSFER_COMPLETE,
        EOS_PC_HDD_CAPACITY,
        EOS_SET_UI_LOCK,
        EOS_RESET_UI_LOCK,
        EOS_KEEP_DEVICE_ON,
        EOS_REQUEST_DEVICE_PROP_VALUE,
        EOS_REMOTE_RELEASE_ON,
        EOS_REMOTE_RELEASE_OFF,
        EOS_SET_REQUEST_OLC_INFO_GROUP,
        EOS_INITIATE_VIEWFINDER,
        EOS_TERMINATE_VIEWFINDER,
        EOS_GET_VIEWFINDER_DATA,
        EOS_DO_AF,
        EOS_AF_CANCEL,
    ];
}

/// Response codes: how an operation ended.
pub(crate) mod rc {
    pub(crate) const OK: u16 = 0x2001;
    pub(crate) const SESSION_NOT_OPEN: u16 = 0x2003;
    pub(crate) const OPERATION_NOT_SUPPORTED: u16 = 0x2005;
    pub(crate) const INVALID_STORAGE_ID: u16 = 0x2008;
    pub(crate) const INVALID_OBJECT_HANDLE: u16 = 0x2009;
    pub(crate) const DEVICE_PROP_NOT_SUPPORTED: u16 = 0x200A;
    pub(crate) const STORE_FULL: u16 = 0x200C;
    pub(crate) const STORE_NOT_AVAILABLE: u16 = 0x2013;
    pub(crate) const DEVICE_BUSY: u16 = 0x2019;
    pub(crate) const INVALID_DEVICE_PROP_FORMAT: u16 = 0x201B;
    pub(crate) const INVALID_DEVICE_PROP_VALUE: u16 = 0x201C;
    pub(crate) const SESSION_ALREADY_OPENED: u16 = 0x201E;
    /// Canon's "no frame yet", which the live view loop of libgphoto2 waits out.
    pub(crate) const EOS_NOT_READY: u16 = 0xA102;
}

/// Object formats.
pub(crate) mod format {
    pub(crate) const FOLDER: u16 = 0x3001;
    pub(crate) const JPEG: u16 = 0x3801;
    pub(crate) const JFIF: u16 = 0x3808;
    /// Canon's CR2, named CRW3 in libgphoto2.
    pub(crate) const CR2: u16 = 0xB103;
}

/// Standard device properties and the few MTP ones a real EOS 80D lists (libgphoto2 issue 60).
pub(crate) mod device_prop {
    pub(crate) const BATTERY_LEVEL: u16 = 0x5001;
    pub(crate) const CANON_D303: u16 = 0xD303;
    pub(crate) const FRIENDLY_NAME: u16 = 0xD402;
    pub(crate) const SESSION_INITIATOR: u16 = 0xD406;
    pub(crate) const PERCEIVED_TYPE: u16 = 0xD407;

    pub(crate) const SUPPORTED: &[u16] =
        &[FRIENDLY_NAME, PERCEIVED_TYPE, SESSION_INITIATOR, CANON_D303, BATTERY_LEVEL];
}

/// A dataset under construction: values are appended in PTP's own encoding.
#[derive(Debug, Default)]
pub(crate) struct Dataset(Vec<u8>);

impl Dataset {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn u8(mut self, value: u8) -> Self {
        self.0.push(value);
        self
    }

    pub(crate) fn u16(self, value: u16) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    pub(crate) fn u32(self, value: u32) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    pub(crate) fn u64(self, value: u64) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// A PTP string: the number of UTF-16 units with the closing zero, then the units. Empty is one 0.
    pub(crate) fn text(mut self, text: &str) -> Self {
        let units: Vec<u16> = text.encode_utf16().take(254).collect();
        if units.is_empty() {
            return self.u8(0);
        }
        self.0.push(u8::try_from(units.len() + 1).unwrap_or(u8::MAX));
        for unit in units {
            self = self.u16(unit);
        }
        self.u16(0)
    }

    /// An array of codes: its length in 32 bits, then the codes in 16 bits.
    pub(crate) fn codes(mut self, codes: &[u16]) -> Self {
        self = self.u32(length(codes.len()));
        for code in codes {
            self = self.u16(*code);
        }
        self
    }

    /// An array of numbers of 32 bits, for handles, storage ids and EOS codes.
    pub(crate) fn numbers(mut self, numbers: &[u32]) -> Self {
        self = self.u32(length(numbers.len()));
        for number in numbers {
            self = self.u32(*number);
        }
        self
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// A length as PTP writes it; nothing this camera holds comes near 4 GiB.
pub(crate) fn length(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// The 16-bit number at `at`, if the host sent that many bytes.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_le_bytes(*pair))
}

/// The 32-bit number at `at`, if the host sent that many bytes.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*four))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_counts_its_closing_zero() {
        assert_eq!(Dataset::new().text("SD").into_bytes(), [3, b'S', 0, b'D', 0, 0, 0]);
        assert_eq!(Dataset::new().text("").into_bytes(), [0]);
    }

    #[test]
    fn reading_past_the_end_is_no_number() {
        assert_eq!(u32_at(&[1, 2, 3], 0), None);
        assert_eq!(u16_at(&[1, 2], 7), None);
        assert_eq!(u16_at(&[1, 2], 0), Some(0x0201));
    }
}
