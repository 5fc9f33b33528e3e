//! The owner's accent, derived for light and dark: one colour goes in, and all that is drawn in it comes out readable.
//!
//! Mixing and walking happen in OKLab (Björn Ottosson, 2020), contrast is that of WCAG 2. The brand itself, `fill`, is
//! never changed; whatever must be read on a ground is walked lighter or darker until it is.

/// Least contrast of text with what it stands on.
const TEXT_CONTRAST: f64 = 4.5;
/// Least contrast of an edge with what lies around it.
const EDGE_CONTRAST: f64 = 3.0;
/// Change of OKLab lightness in one step of a walk.
const WALK_STEP: f64 = 0.005;
/// How far outside of 0 to 1 a channel may be from rounding alone.
const ROUNDING: f64 = 1e-6;

/// The neutral grounds of a theme that accents stand on: surface, bg, surface-2, surface-3 (as in `tokens.css`).
struct Grounds {
    grounds: [&'static str; 4],
    soft_share: f64,
    walk: f64,
}

const LIGHT: Grounds = Grounds { grounds: ["#FFFFFF", "#F4F5F7", "#EDEFF2", "#E2E5EA"], soft_share: 0.12, walk: -1.0 };
const DARK: Grounds = Grounds { grounds: ["#1A1D23", "#131519", "#23272F", "#2E343E"], soft_share: 0.20, walk: 1.0 };

/// The colours of one theme, each as `#RRGGBB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    /// Ground of what is pressed or said in the brand's colour; the owner's colour, unchanged.
    pub fill: String,
    /// Text on `fill` and on `fill_hover`: white or black.
    pub on_fill: String,
    /// `fill` under the pointer.
    pub fill_hover: String,
    /// Ground of own bubbles and selected rows.
    pub soft: String,
    /// Links, selected tabs, icons: readable on every neutral ground and on `soft`.
    pub accent_text: String,
    /// One pixel around every fill, so that a white or yellow brand keeps its shape.
    pub edge: String,
}

/// What [`Theme::derive`] makes of one colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// For light grounds.
    pub light: Accent,
    /// For dark grounds.
    pub dark: Accent,
}

impl Theme {
    /// Derives both themes from a colour `#RRGGBB`, in letters of either case; `None` when it is not one.
    pub fn derive(accent: &str) -> Option<Theme> {
        let fill = Rgb::parse(accent)?;
        Some(Theme { light: accent_on(fill, &LIGHT)?, dark: accent_on(fill, &DARK)? })
    }

    /// The style sheet `/theme.css`, which sets the variables that `tokens.css` has defaults for.
    pub fn css(&self) -> String {
        let names = ["fill", "on-fill", "fill-hover", "soft", "text", "edge"];
        let mut css =
            String::from("@layer reset, tokens, base, layout, components, utilities;\n@layer tokens {\n  :root {\n");
        for ((name, light), dark) in names.iter().zip(self.light.all()).zip(self.dark.all()) {
            if light == dark {
                css.push_str(&format!("    --accent-{name}: {light};\n"));
            } else {
                css.push_str(&format!("    --accent-{name}: light-dark({light}, {dark});\n"));
            }
        }
        css.push_str("  }\n}\n");
        css
    }
}

impl Accent {
    fn all(&self) -> [&str; 6] {
        [&self.fill, &self.on_fill, &self.fill_hover, &self.soft, &self.accent_text, &self.edge]
    }
}

/// `None` never happens: all grounds are colours (a test derives thousands).
fn accent_on(fill: Rgb, theme: &Grounds) -> Option<Accent> {
    let mut grounds = Vec::with_capacity(5);
    for ground in theme.grounds {
        grounds.push(Rgb::parse(ground)?);
    }
    let on_fill = if contrast(fill, Rgb::WHITE) >= TEXT_CONTRAST { Rgb::WHITE } else { Rgb::BLACK };
    let soft = mix(*grounds.first()?, fill, theme.soft_share);
    let edge = walk(fill, theme.walk, |colour| grounds.iter().take(2).all(|on| contrast(colour, *on) >= EDGE_CONTRAST));
    grounds.push(soft);
    let text = walk(fill, theme.walk, |colour| grounds.iter().all(|on| contrast(colour, *on) >= TEXT_CONTRAST));
    Some(Accent {
        fill: fill.hex(),
        on_fill: on_fill.hex(),
        fill_hover: hover(fill, on_fill).hex(),
        soft: soft.hex(),
        accent_text: text.hex(),
        edge: edge.hex(),
    })
}

/// Away from the text on it; a colour that is nearly black or white already has no room there and goes the other way.
fn hover(fill: Rgb, on_fill: Rgb) -> Rgb {
    let lightness = Lab::from(fill).l;
    let toward = if on_fill == Rgb::WHITE {
        if lightness < 0.12 { Rgb::WHITE } else { Rgb::BLACK }
    } else if lightness > 0.95 {
        Rgb::BLACK
    } else {
        Rgb::WHITE
    };
    mix(fill, toward, 0.12)
}

/// `share` of `b` in `a`, in OKLab.
fn mix(a: Rgb, b: Rgb, share: f64) -> Rgb {
    let (a, b) = (Lab::from(a), Lab::from(b));
    let part = |from: f64, to: f64| from + (to - from) * share;
    Lab { l: part(a.l, b.l), a: part(a.a, b.a), b: part(a.b, b.b) }.to_rgb()
}

/// Changes the lightness step by step, keeping the hue, until the colour is `enough`; ends at white or black at the latest.
fn walk(start: Rgb, direction: f64, enough: impl Fn(Rgb) -> bool) -> Rgb {
    let mut lab = Lab::from(start);
    let mut colour = start;
    while !enough(colour) && (-WALK_STEP..=1.0 + WALK_STEP).contains(&lab.l) {
        lab.l += direction * WALK_STEP;
        colour = lab.to_rgb();
    }
    colour
}

/// WCAG 2: (lighter + 0.05) / (darker + 0.05).
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (a.luminance(), b.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// A colour of sRGB with 8 bits a channel, as it will be drawn: contrast is measured after rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rgb([u8; 3]);

impl Rgb {
    const WHITE: Rgb = Rgb([255; 3]);
    const BLACK: Rgb = Rgb([0; 3]);

    fn parse(text: &str) -> Option<Rgb> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Rgb([channel(0)?, channel(2)?, channel(4)?]))
    }

    fn hex(self) -> String {
        let Rgb([red, green, blue]) = self;
        format!("#{red:02X}{green:02X}{blue:02X}")
    }

    fn linear(self) -> [f64; 3] {
        self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

/// A colour in OKLab; may lie outside of what sRGB can show.
#[derive(Clone, Copy, Debug)]
struct Lab {
    l: f64,
    a: f64,
    b: f64,
}

impl From<Rgb> for Lab {
    fn from(colour: Rgb) -> Lab {
        let [red, green, blue] = colour.linear();
        let l = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
        let m = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
        let s = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
        Lab {
            l: 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            a: 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            b: 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        }
    }
}

impl Lab {
    /// The nearest colour that sRGB can show with this lightness and hue: chroma shrinks by a twentieth until it fits.
    fn to_rgb(mut self) -> Rgb {
        let fits = |channel: &f64| (-ROUNDING..=1.0 + ROUNDING).contains(channel);
        // Beyond white and black nothing fits; 400 steps leave a chroma of a billionth.
        for _ in 0..400 {
            if self.channels().iter().all(fits) {
                break;
            }
            self.a *= 0.95;
            self.b *= 0.95;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to 0 to 255
        Rgb(self.channels().map(|channel| (channel.clamp(0.0, 1.0) * 255.0).round() as u8))
    }

    fn channels(self) -> [f64; 3] {
        let l = (self.l + 0.396_337_777_4 * self.a + 0.215_803_757_3 * self.b).powi(3);
        let m = (self.l - 0.105_561_345_8 * self.a - 0.063_854_172_8 * self.b).powi(3);
        let s = (self.l - 0.089_484_177_5 * self.a - 1.291_485_548_0 * self.b).powi(3);
        [
            4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
            -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
            -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
        ]
        .map(|value| if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accent: &str, light: [&str; 5], dark: [&str; 3]) {
        let theme = Theme::derive(accent).unwrap();
        let [on_fill, hover, soft, text, edge] = light;
        let made = &theme.light;
        assert_eq!(
            [&made.on_fill, &made.fill_hover, &made.soft, &made.accent_text, &made.edge],
            [on_fill, hover, soft, text, edge],
            "{accent} in light"
        );
        assert_eq!([&theme.dark.soft, &theme.dark.accent_text, &theme.dark.edge], dark, "{accent} in dark");
        assert_eq!(made.fill, accent);
        assert_eq!(theme.dark.fill, accent);
    }

    #[test]
    fn colours_of_the_design_come_out_as_designed() {
        check("#3457D5", ["#FFFFFF", "#2A48B3", "#E4ECFC", "#3457D5", "#3457D5"], ["#1F2943", "#7499FD", "#395DDC"]);
        check("#FFD400", ["#000000", "#FDDA57", "#FFFAEA", "#7A6406", "#A78C18"], ["#413E2E", "#FFD400", "#FFD400"]);
    }

    #[test]
    fn white_and_black_brands_keep_a_hover_and_an_edge() {
        let white = Theme::derive("#ffffff").unwrap();
        assert_eq!(white.light.on_fill, "#000000");
        assert_ne!(white.light.fill_hover, "#FFFFFF");
        assert_ne!(white.light.edge, "#FFFFFF");
        let black = Theme::derive("#000000").unwrap();
        assert_eq!(black.dark.on_fill, "#FFFFFF");
        assert_ne!(black.dark.fill_hover, "#000000");
        assert_ne!(black.dark.edge, "#000000");
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in ["", "#", "3457D5", "#3457D", "#3457D55", "#3457DG", "#+457D5", "#34 7D5", "#Ж57D5", "red"] {
            assert_eq!(Theme::derive(text), None, "{text}");
        }
    }

    /// 16 steps a channel, both themes: every pair that the design lets stand on one another can be read.
    #[test]
    fn every_colour_gives_readable_themes() {
        let parse = |text: &str| Rgb::parse(text).unwrap();
        for number in 0..4_096_u32 {
            let channel = |shift: u32| u8::try_from((number >> shift) & 15).unwrap() * 17;
            let accent = Rgb([channel(8), channel(4), channel(0)]).hex();
            let theme = Theme::derive(&accent).unwrap();
            for (made, neutral, texts) in
                [(&theme.light, &LIGHT, ["#1A1E27", "#4F5969"]), (&theme.dark, &DARK, ["#E7E9ED", "#B3BAC6"])]
            {
                let least = |what: &str, a: &str, b: &str, limit: f64| {
                    let got = contrast(parse(a), parse(b));
                    assert!(got >= limit, "{accent}: {what} {a} on {b} has {got:.3}");
                };
                least("text", &made.on_fill, &made.fill, TEXT_CONTRAST);
                least("text", &made.on_fill, &made.fill_hover, TEXT_CONTRAST);
                for ground in neutral.grounds.into_iter().chain([made.soft.as_str()]) {
                    least("accent text", &made.accent_text, ground, TEXT_CONTRAST);
                }
                for text in texts {
                    least("text", text, &made.soft, TEXT_CONTRAST);
                }
                for ground in neutral.grounds.into_iter().take(2) {
                    least("edge", &made.edge, ground, EDGE_CONTRAST);
                }
            }
        }
    }

    #[test]
    fn style_sheet_names_all_variables_once() {
        let css = Theme::derive("#3457D5").unwrap().css();
        for name in ["fill", "on-fill", "fill-hover", "soft", "text", "edge"] {
            assert_eq!(css.matches(&format!("--accent-{name}:")).count(), 1, "{name} in {css}");
        }
        assert!(css.contains("--accent-soft: light-dark(#E4ECFC, #1F2943);"), "{css}");
    }
}
