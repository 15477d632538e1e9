//! The colours of the style sheet: every figure that readability asks for, computed from the tokens.

use std::collections::BTreeMap;

const STYLE: &str = include_str!("assets/style.css");

/// A colour as OKLCH.
type Oklch = [f64; 3];

/// sRGB luminance of a colour, its parts cut to what a screen shows.
fn luminance([lightness, chroma, hue]: Oklch) -> f64 {
    let (sin, cos) = hue.to_radians().sin_cos();
    let (a, b) = (chroma * cos, chroma * sin);
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    let red = 4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s;
    let green = -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s;
    let blue = -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s;
    0.2126 * red.clamp(0.0, 1.0) + 0.7152 * green.clamp(0.0, 1.0) + 0.0722 * blue.clamp(0.0, 1.0)
}

fn contrast(a: Oklch, b: Oklch) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

/// The values of a token in light and dark; `var(--c)` and its kin stand for what `with` says.
fn token(name: &str, with: &BTreeMap<&str, f64>) -> [Oklch; 2] {
    let (_, rest) = STYLE.split_once(&format!("  --{name}: ")).unwrap_or_else(|| panic!("{name}"));
    let value = rest.split(';').next().unwrap();
    let colours: Vec<Oklch> = value
        .split("oklch(")
        .skip(1)
        .map(|colour| {
            let mut colour = colour.replace("calc(var(--c) * .9)", &(with["c"] * 0.9).to_string());
            for (name, number) in with {
                colour = colour.replace(&format!("var(--{name})"), &number.to_string());
            }
            let numbers: Vec<f64> = colour
                .split(|c: char| c.is_whitespace() || c == ')')
                .filter(|part| !part.is_empty())
                .map_while(|part| part.parse().ok())
                .collect();
            numbers[..3].try_into().unwrap()
        })
        .collect();
    [colours[0], *colours.get(1).unwrap_or(&colours[0])]
}

/// Hue, and the chroma in light and dark, of all classes.
fn hues() -> Vec<BTreeMap<&'static str, f64>> {
    let parts = STYLE.split(".hue-").skip(1).filter_map(|part| part.split_once('}'));
    let number = |rule: &str, name: &str| -> Option<f64> {
        rule.split_once(&format!("--{name}: "))?.1.split(';').next()?.parse().ok()
    };
    parts
        .filter_map(|(rule, _)| {
            let of = |name| number(rule, name);
            Some(BTreeMap::from([("h", of("h")?), ("c", of("c")?), ("d", of("d")?)]))
        })
        .collect()
}

fn check(front: &str, back: &str, least: f64, with: &BTreeMap<&str, f64>) {
    let (fronts, backs) = (token(front, with), token(back, with));
    for (front_colour, back_colour) in fronts.into_iter().zip(backs) {
        let found = contrast(front_colour, back_colour);
        assert!(
            found >= least,
            "{front} on {back} is {found:.2}, and {least} is needed ({with:?})"
        );
    }
}

#[test]
fn text_and_controls_can_be_read_on_every_ground() {
    let own = BTreeMap::from([("h", 30.0), ("c", 0.135), ("d", 0.115)]);
    for ground in ["paper", "lift", "well"] {
        for text in ["ink", "ink-2", "soft", "info", "ok", "warn", "danger"] {
            check(text, ground, 4.5, &own);
        }
        check("edge", ground, 3.0, &own);
    }
    for text in ["code-key", "code-string", "code-number"] {
        check(text, "well", 4.5, &own);
    }
    check("ink", "mark", 4.5, &own);
    for medal in ["gold", "silver", "bronze"] {
        check("on-medal", medal, 4.5, &own);
    }
}

#[test]
fn every_hue_can_be_read() {
    let hues = hues();
    assert_eq!(hues.len(), 25, "24 hues and ink");
    for hue in &hues {
        for ground in ["paper", "lift", "well", "wash"] {
            check("accent", ground, 4.5, hue);
        }
        check("on-fill", "fill", 4.5, hue);
        check("ink", "wash", 4.5, hue);
        check("soft", "wash", 4.5, hue);
    }
}
