//! The names a school knows a student by: what file names, folders, strips and rosters speak of.

use std::{fmt, str::FromStr};

use serde::Deserialize;

/// One thing that is known about a student, under its Chinese name in profiles and rosters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub enum Field {
    /// 采集码 to the letter; a roster may carry it, nothing prints it.
    CaptureCode,
    /// 采集码编号: the number inside a capture code, when a decoder knows it.
    CodeNumber,
    /// 指纹: the fingerprint of the capture code; always known.
    Fingerprint,
    /// 学校名称.
    School,
    /// 院校代码, five digits.
    SchoolCode,
    /// 学院 or 系部.
    College,
    /// 专业.
    Major,
    /// 班级.
    Class,
    /// 层次: 本科, 专科…
    Level,
    /// 学号.
    StudentNumber,
    /// 考生号.
    ExamineeNumber,
    /// 姓名, in full.
    Name,
    /// 姓名(脱敏).
    MaskedName,
    /// 身份证号, in full.
    IdNumber,
    /// 证件号码后四位.
    LastFour,
}

/// A field name nobody knows.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("there is no field named {0:?}")]
pub struct UnknownField(pub String);

impl Field {
    /// Every field, in the order a roster is written.
    pub const ALL: [Self; 15] = [
        Self::CaptureCode,
        Self::CodeNumber,
        Self::Fingerprint,
        Self::School,
        Self::SchoolCode,
        Self::College,
        Self::Major,
        Self::Class,
        Self::Level,
        Self::StudentNumber,
        Self::ExamineeNumber,
        Self::Name,
        Self::MaskedName,
        Self::IdNumber,
        Self::LastFour,
    ];

    /// The names a field answers to; the first is the one we write.
    #[must_use]
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::CaptureCode => &["采集码"],
            Self::CodeNumber => &["采集码编号"],
            Self::Fingerprint => &["指纹"],
            Self::School => &["学校名称", "院校名称", "学校"],
            Self::SchoolCode => &["院校代码", "学校代码"],
            Self::College => &["学院", "系部", "院系", "分院"],
            Self::Major => &["专业", "专业名称"],
            Self::Class => &["班级", "班号"],
            Self::Level => &["层次", "培养层次"],
            Self::StudentNumber => &["学号"],
            Self::ExamineeNumber => &["考生号"],
            Self::Name => &["姓名"],
            Self::MaskedName => &["姓名(脱敏)", "姓名（脱敏）"],
            Self::IdNumber => &["身份证号", "证件号码", "身份证号码"],
            Self::LastFour => &["证件号码后四位", "后四位"],
        }
    }

    /// True when the field tells in the clear who a person is: it needs an unlocked profile to be printed.
    #[must_use]
    pub fn is_identity(self) -> bool {
        match self {
            Self::Name | Self::IdNumber | Self::CaptureCode | Self::ExamineeNumber => true,
            Self::CodeNumber
            | Self::Fingerprint
            | Self::School
            | Self::SchoolCode
            | Self::College
            | Self::Major
            | Self::Class
            | Self::Level
            | Self::StudentNumber
            | Self::MaskedName
            | Self::LastFour => false,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.names().first().copied().unwrap_or_default())
    }
}

impl FromStr for Field {
    type Err = UnknownField;

    fn from_str(name: &str) -> Result<Self, UnknownField> {
        let name = name.trim();
        Self::ALL
            .into_iter()
            .find(|field| field.names().contains(&name))
            .ok_or_else(|| UnknownField(name.to_owned()))
    }
}

impl TryFrom<String> for Field {
    type Error = UnknownField;

    fn try_from(name: String) -> Result<Self, UnknownField> {
        name.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_field() {
        for field in Field::ALL {
            for name in field.names() {
                assert_eq!(name.parse(), Ok(field));
            }
            assert_eq!(field.to_string().parse(), Ok(field));
        }
    }
}
