//! A QR code as modules, for whoever prints or draws it.

/// The squares of a QR code, without the quiet zone around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrModules {
    side: usize,
    dark: Vec<bool>,
}

impl QrModules {
    /// The code of a text, of which a seventh may be spoilt (level M of ISO/IEC 18004); `None` when it is too long.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).ok()?;
        let dark = code.to_colors().into_iter().map(|colour| colour == qrcode::Color::Dark).collect();
        Some(Self { side: code.width(), dark })
    }

    /// How many modules it is wide and high.
    #[must_use]
    pub fn side(&self) -> usize {
        self.side
    }

    /// The dark modules, row by row in runs: where a run begins, column and row, and how many modules it has.
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        self.dark.chunks(self.side.max(1)).enumerate().flat_map(|(row, modules)| {
            let mut column = 0;
            modules.chunk_by(|a, b| a == b).filter_map(move |run| {
                let begins = column;
                column += run.len();
                run.first().is_some_and(|dark| *dark).then_some((begins, row, run.len()))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dark_modules_come_in_runs_and_a_text_may_be_too_long() {
        let code = QrModules::of("caiying/A1/chain\n1\n").unwrap();
        let runs: Vec<_> = code.runs().collect();
        let dark: usize = runs.iter().map(|(.., length)| length).sum();
        assert_eq!(dark, code.dark.iter().filter(|dark| **dark).count());
        assert_eq!(runs[0], (0, 0, 7), "the finder at the upper left");
        let last = code.side();
        assert!(runs.contains(&(last - 7, 0, 7)) && runs.contains(&(0, last - 7, 7)), "and the other two");
        assert!(QrModules::of(&"x".repeat(3000)).is_none());
    }
}
