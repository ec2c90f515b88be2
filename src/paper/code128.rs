//! Code 128 (ISO/IEC 15417), code set B: bars for scanners that read in one line only.

/// How wide the bars and spaces of each symbol are, a bar first: 95 characters from the space on, signs that are not
/// needed here, three starts, the stop.
const WIDTHS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
    "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
    "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
    "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
    "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
    "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
    "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];

const START_B: u32 = 104;
const STOP: u32 = 106;

/// The modules of a text, dark ones true, without the white on both sides; `None` for what code set B has no sign
/// for.
pub(super) fn modules(text: &str) -> Option<Vec<bool>> {
    let values: Vec<u32> = text
        .chars()
        .map(|c| (' '..='~').contains(&c).then(|| c as u32 - ' ' as u32))
        .collect::<Option<_>>()?;
    let weighted: u32 = values.iter().zip(1..).map(|(value, place)| value * place).sum();
    let check = (START_B + weighted) % 103;
    let symbols = [START_B].into_iter().chain(values).chain([check, STOP]);
    let mut modules = Vec::new();
    for symbol in symbols {
        for (n, width) in WIDTHS.get(symbol as usize)?.chars().filter_map(|c| c.to_digit(10)).enumerate() {
            modules.extend(std::iter::repeat_n(n % 2 == 0, width as usize));
        }
    }
    Some(modules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        for (n, widths) in WIDTHS.iter().enumerate() {
            let digits: Vec<u32> = widths.chars().map(|c| c.to_digit(10).unwrap()).collect();
            let dark: u32 = digits.iter().step_by(2).sum();
            if n == STOP as usize {
                assert_eq!((digits.iter().sum::<u32>(), dark), (13, 8));
            } else {
                // Eleven modules, and an even number of dark ones: how readers find a misprint.
                assert_eq!((digits.iter().sum::<u32>(), dark % 2), (11, 0), "symbol {n}");
            }
            assert!(!WIDTHS[..n].contains(widths), "symbol {n} is another's");
        }
    }

    #[test]
    fn a_text_ends_with_its_check() {
        // The example retold everywhere: PJJ123C has the check 54 in set A, which starts with 103, so 55 in set B.
        let of = |text: &str| modules(text).unwrap();
        let sign = |n: usize| of("PJJ123C")[11 * n..11 * (n + 1)].to_vec();
        let wanted: Vec<bool> = WIDTHS[('W' as usize) - 32]
            .chars()
            .enumerate()
            .flat_map(|(n, width)| vec![n % 2 == 0; width.to_digit(10).unwrap() as usize])
            .collect();
        assert_eq!(sign(8), wanted, "55 is W");
        assert_eq!(of("A").len(), 11 * 3 + 13);
        assert_eq!(modules("采"), None);
    }
}
