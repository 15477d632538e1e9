//! Colours that authors give to quotes and items: each is one of a few that can be read on light and dark
//! pages.

/// Tones that have a class: their names, and those of their kin.
const TONES: &[(&str, &[&str])] = &[
    ("red", &["red", "crimson", "tomato", "brown", "maroon"]),
    ("orange", &["orange", "gold", "coral", "yellow"]),
    ("green", &["green", "lime", "teal", "olive"]),
    ("blue", &["blue", "navy", "cyan", "aqua", "skyblue"]),
    ("purple", &["purple", "pink", "violet", "magenta", "indigo"]),
    ("gray", &["gray", "grey", "black", "silver", "white"]),
];
/// Hues in degrees of the colour wheel, and the tones that begin below them.
const HUES: [(i32, &str); 5] =
    [(15, "red"), (65, "orange"), (170, "green"), (245, "blue"), (335, "purple")];
/// A colour whose parts differ by less has no hue to speak of.
const GRAY: i32 = 32;

/// The tone that is nearest to a colour such as `red`, `#c33` or `#907bf7`.
pub(super) fn nearest(colour: &str) -> Option<&'static str> {
    let name = colour.to_ascii_lowercase();
    let named = TONES.iter().find(|(_, names)| names.contains(&name.as_str()));
    named.map(|(tone, _)| *tone).or_else(|| of_parts(parts(name.strip_prefix('#')?)?))
}

/// Red, green and blue of three or six hexadecimal digits, from 0 to 255.
fn parts(digits: &str) -> Option<[i32; 3]> {
    let values: Option<Vec<u32>> = digits.chars().map(|digit| digit.to_digit(16)).collect();
    let [red, green, blue] = match *values?.as_slice() {
        [red, green, blue] => [red * 17, green * 17, blue * 17],
        [r, red, g, green, b, blue] => [r * 16 + red, g * 16 + green, b * 16 + blue],
        _ => return None,
    };
    Some([red.try_into().ok()?, green.try_into().ok()?, blue.try_into().ok()?])
}

fn of_parts([red, green, blue]: [i32; 3]) -> Option<&'static str> {
    let most = red.max(green).max(blue);
    let range = most - red.min(green).min(blue);
    if range < GRAY {
        return Some("gray");
    }
    let hue = if most == red {
        60 * (green - blue) / range
    } else if most == green {
        120 + 60 * (blue - red) / range
    } else {
        240 + 60 * (red - green) / range
    };
    let hue = hue.rem_euclid(360);
    let tone = HUES.iter().find(|(end, _)| hue < *end).map(|(_, tone)| *tone);
    // Behind purple the wheel is red again.
    tone.or(Some("red"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_have_the_nearest_tone() {
        for (colour, tone) in [
            ("Red", "red"),
            ("#f00", "red"),
            ("#FF0010", "red"),
            ("#e91e63", "red"),
            ("#ffa500", "orange"),
            ("#ff0", "orange"),
            ("#3b75c6", "blue"),
            ("#00ff00", "green"),
            ("#0ff", "blue"),
            ("#907bf7", "purple"),
            ("#f0f", "purple"),
            ("#fff", "gray"),
            ("#808a80", "gray"),
        ] {
            assert_eq!(nearest(colour), Some(tone), "{colour}");
        }
        for text in ["", "#", "#ff", "#ffff", "#gggggg", "#+ff+ff", "red;x", "rgb(1,2,3)"] {
            assert_eq!(nearest(text), None, "{text}");
        }
    }
}
