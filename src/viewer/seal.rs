//! What stands for a summit at a glance: its seal and its hue.

use crate::api::names::hex_digest;
use crate::viewer::words::is_han;

/// Hues are multiples of this many degrees.
const STEP: u32 = 15;
/// The hues from 75 to 120 look muddy on paper.
const MUDDY: std::ops::RangeInclusive<u32> = 75..=120;

/// The rows of characters of a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// One or two rows.
    pub rows: Vec<String>,
    /// The one character that stands for it beside a talk.
    pub letter: String,
    /// Class of its hue.
    pub hue: String,
    /// Address of the image that stands in its place, where it is large.
    pub logo: Option<String>,
}

impl Seal {
    /// Of the summit `name` with `title`, and with the colour that it may have.
    pub fn new(name: &str, title: &str, color: Option<&str>) -> Self {
        let han: Vec<char> = if is_latin_first(title) {
            Vec::new()
        } else {
            title.chars().filter(|c| is_han(*c)).take(4).collect()
        };
        let rows: Vec<String> = match han.as_slice() {
            [a, b, c, d] => vec![[*a, *b].iter().collect(), [*c, *d].iter().collect()],
            [a, b, ..] => vec![a.to_string(), b.to_string()],
            [a] => vec![a.to_string()],
            [] => vec![initials(title)],
        };
        let letter = rows.first().and_then(|row| row.chars().next());
        Self {
            letter: letter.map(String::from).unwrap_or_default(),
            rows,
            hue: color.and_then(hue_of_color).unwrap_or_else(|| hue(name)),
            logo: None,
        }
    }
}

/// Whether two Latin words stand before the first Han character: that is then not the name.
fn is_latin_first(title: &str) -> bool {
    let before: String = title.chars().take_while(|c| !is_han(*c)).collect();
    let words = before.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.starts_with(char::is_alphabetic)).count() > 1
}

/// The first letters of two words, or of the one that there is.
fn initials(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric());
    let letters = words.filter_map(|word| word.chars().next()).filter(|c| c.is_alphabetic());
    let letters: String = letters.take(2).flat_map(char::to_uppercase).collect();
    if letters.is_empty() { "#".to_owned() } else { letters }
}

/// The class of the hue that a name always has.
fn hue(name: &str) -> String {
    let digest = hex_digest(name.as_bytes());
    let number: String = digest.chars().take(6).collect();
    let number = u32::from_str_radix(&number, 16).unwrap_or_default();
    let steps: Vec<u32> =
        (0..360 / STEP).map(|step| step * STEP).filter(|hue| !MUDDY.contains(hue)).collect();
    let index = usize::try_from(number).unwrap_or_default().checked_rem(steps.len());
    format!("hue-{}", index.and_then(|index| steps.get(index)).copied().unwrap_or_default())
}

/// Below this chroma a colour is a grey.
const GREY: f64 = 0.03;

/// The class of the hue of `#rrggbb`, as the eye sees it (OKLCH): a theme gives a hue, never a colour.
fn hue_of_color(color: &str) -> Option<String> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let digits = Some(digits).filter(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()))?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes().map(linear);
    // From linear light to what the three kinds of cones see, and on to the opponent axes of OKLab.
    let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
    let medium = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
    let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
    let a = 1.977_998_495_1 * long - 2.428_592_205 * medium + 0.450_593_709_9 * short;
    let b = 0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766 * short;
    if a.hypot(b) < GREY {
        return Some("hue-ink".to_owned());
    }
    let degrees = b.atan2(a).to_degrees().rem_euclid(360.0);
    // The last half step is the first hue again.
    let at = |step: &u32| (degrees - f64::from(step * STEP)).abs() <= f64::from(STEP) / 2.0;
    let step = (0..=360 / STEP).find(at)? % (360 / STEP);
    Some(format!("hue-{}", step * STEP))
}

fn linear(channel: u8) -> f64 {
    let share = f64::from(channel) / 255.0;
    if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_has_four_two_or_one_character() {
        let rows = |title: &str| Seal::new("x", title, None).rows;
        assert_eq!(rows("雲港年會 2031"), ["雲港", "年會"]);
        assert_eq!(rows("夜航"), ["夜", "航"]);
        assert_eq!(rows("Sailmakers’ Meetup 2030"), ["SM"]);
        assert_eq!(rows("2023 K8s Summit"), ["KS"]);
        assert_eq!(rows("Kubernetes Summit 2024 - N 場議程"), ["KS"]);
        assert_eq!(rows("2031 雲港年會"), ["雲港", "年會"]);
        assert_eq!(rows("2031"), ["#"]);
        assert_eq!(Seal::new("x", "雲港年會", None).letter, "雲");
    }

    #[test]
    fn a_hue_is_stable_and_never_muddy() {
        assert_eq!(hue("cloud-harbor"), hue("cloud-harbor"));
        for number in 0..500 {
            let hue: u32 = hue(&number.to_string()).strip_prefix("hue-").unwrap().parse().unwrap();
            assert!(!MUDDY.contains(&hue) && hue.is_multiple_of(STEP) && hue < 360);
        }
    }

    #[test]
    fn a_colour_gives_its_hue_and_a_grey_none() {
        for (color, class) in [
            ("#ff0000", "hue-30"),
            ("#00ff00", "hue-135"),
            ("#0000FF", "hue-270"),
            ("#ff00ff", "hue-330"),
            ("#808080", "hue-ink"),
            ("#000000", "hue-ink"),
        ] {
            assert_eq!(Seal::new("x", "x", Some(color)).hue, class, "{color}");
        }
        let none = Seal::new("x", "x", None).hue;
        for odd in ["", "#", "red", "#12345", "#1234567", "#gggggg", "#+12345"] {
            assert_eq!(Seal::new("x", "x", Some(odd)).hue, none, "{odd}");
        }
    }
}
