//! Names of people. Rather no person than an invented one.

use super::companies;
pub(in crate::document) use super::expected::Expected;
use super::handles::bare;
use super::list::List;
use super::name_confidence::NameConfidence;
use super::occupation;
use super::person::person;
use super::personal_data::without_personal_data;
use crate::api::Speaker;
use crate::document::memo::Memo;
use crate::document::title::plain;

/// Longest text that is taken for a list of people, in bytes.
const MAX_NAMES: usize = 2000;

/// People in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::document) struct People {
    pub speakers: Vec<Speaker>,
    /// That of the least likely of them.
    pub name_confidence: NameConfidence,
    /// Whether an e-mail address or phone number was left out.
    pub personal_data: bool,
}

impl People {
    /// Reads a text as a list of people.
    pub fn parse(text: &str) -> Self {
        Self::parse_as(text, Expected::Any)
    }

    /// Reads a text as a list of as many people as the place where it stands lets expect.
    pub fn parse_as(text: &str, expected: Expected) -> Self {
        thread_local! {
            static ANY: Memo<People> = Memo::default();
            static SEVERAL: Memo<People> = Memo::default();
        }
        let find = || Self::find(text, expected);
        match expected {
            Expected::Any => ANY.with(|kept| kept.of(text, find)),
            Expected::Several => SEVERAL.with(|kept| kept.of(text, find)),
        }
    }

    fn find(text: &str, expected: Expected) -> Self {
        let (text, personal_data) = without_personal_data(&plain(text));
        if text.len() > MAX_NAMES {
            return Self {
                speakers: Vec::new(),
                name_confidence: NameConfidence::None,
                personal_data,
            };
        }
        let list = List::of(&text);
        let mut found: Vec<(Speaker, NameConfidence)> = Vec::new();
        for (at, part) in list.parts.iter().enumerate() {
            if let Some((speaker, name_confidence)) = found.last_mut()
                && speaker.alias.is_none()
                && list.is_handle_of_one(at)
            {
                speaker.alias = Some(bare(&part.text).to_owned());
                *name_confidence = (*name_confidence).max(NameConfidence::Medium);
                continue;
            }
            let person = person(&part.text);
            match found.last_mut() {
                Some(last) if list.is_of_last(at, &last.0, person.as_ref(), expected) => {
                    companies::add(last, &part.text, part.by_comma);
                }
                _ => found.extend(person),
            }
        }
        for (speaker, _) in &mut found {
            let place = speaker.organization.take();
            speaker.organization = place.and_then(|place| occupation::organization(&place));
        }
        let mut name_confidence =
            found.iter().map(|(_, l)| *l).min().unwrap_or(NameConfidence::None);
        if name_confidence == NameConfidence::Weak
            && found.len() > 1
            && !found.iter().any(|(_, l)| *l > NameConfidence::Weak)
        {
            name_confidence = NameConfidence::None;
        }
        Self {
            speakers: found.into_iter().map(|(speaker, _)| speaker).collect(),
            name_confidence,
            personal_data,
        }
    }

    /// Gives people the handles that stand beside them, where there is one for each.
    pub fn add_aliases(&mut self, handles: &[String]) {
        if handles.len() != self.speakers.len() {
            return;
        }
        for (speaker, handle) in self.speakers.iter_mut().zip(handles) {
            let other = || Some(handle.clone()).filter(|handle| *handle != speaker.name);
            speaker.alias = speaker.alias.take().or_else(other);
        }
        if self.name_confidence > NameConfidence::None {
            self.name_confidence = NameConfidence::Strong;
        }
    }

    /// Gives the people who have no company that which stands behind their names, if it is one.
    pub fn set_organization(&mut self, text: &str) {
        let (text, personal_data) = without_personal_data(text.trim());
        self.personal_data |= personal_data;
        let text = text.as_str();
        let place = occupation::organization(text).filter(|place| !occupation::is_room(place));
        for speaker in &mut self.speakers {
            // `王小明 (浪花) | 潮汐科技`: what stood in parentheses is another name.
            if speaker.alias.is_none() && place.is_some() {
                speaker.alias = speaker.organization.take();
            }
            speaker.organization = speaker.organization.take().or_else(|| place.clone());
        }
        if occupation::is_job(text) && self.name_confidence == NameConfidence::Medium {
            self.name_confidence = NameConfidence::Strong;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let show = |s: &Speaker| {
            let alias = s.alias.as_ref().map(|alias| format!("={alias}")).unwrap_or_default();
            let organization = s.organization.as_ref().map(|o| format!("@{o}")).unwrap_or_default();
            format!("{}{alias}{organization}", s.name)
        };
        People::parse(text).speakers.iter().map(show).collect()
    }

    #[test]
    fn people_with_their_companies() {
        for (text, expected) in [
            ("林小範 (Terry)", vec!["林小範=Terry"]),
            ("SZ Ex (林上例)", vec!["SZ Ex=林上例"]),
            ("王小明、李大華 & Ana de la Cruz", vec!["王小明", "李大華", "Ana de la Cruz"]),
            ("王小明 Ming", vec!["王小明=Ming"]),
            ("Jean-Luc O'Example / Example Corp", vec!["Jean-Luc O'Example@Example Corp"]),
            ("Ada Example, Harbor, Tide", vec!["Ada Example@Harbor, Tide"]),
            ("Ada Example (Harbor), Bo Pier (Tide)", vec!["Ada Example@Harbor", "Bo Pier@Tide"]),
            ("Ada Example / Keel Pay, Staff Engineer", vec!["Ada Example@Keel Pay"]),
            ("Nia Example, Web Designer, Web Developer, and writer", vec!["Nia Example"]),
            ("Nia Example; Technologist at Olive Harbor", vec!["Nia Example@Olive Harbor"]),
            ("Nia Example, Verity Foods, Inc.", vec!["Nia Example@Verity Foods, Inc."]),
            ("Peter Example & Quill", vec!["Peter Example", "Quill"]),
            ("Ada Example, Room B", vec!["Ada Example"]),
            ("Ada Hall", vec!["Ada Hall"]),
            ("Nia Quay, @nia", vec!["Nia Quay=nia"]),
            ("Ada Example, Harborly, Tideweb", vec!["Ada Example@Harborly, Tideweb"]),
            ("潮汐株式会社 @nia", vec!["nia@潮汐株式会社"]),
            ("Nia MacQuay", vec!["Nia MacQuay"]),
            ("Nia Quay, Editor-in-Chief, Tide Magazine", vec!["Nia Quay@Tide Magazine"]),
            (
                "Nia Quay, Senior Advisor, Office of Tides and Rain",
                vec!["Nia Quay@Office of Tides and Rain"],
            ),
            ("簡立浪 / Tide Taiwan 董事總經理", vec!["簡立浪@Tide Taiwan"]),
            ("Nia Quay, Verity Labs, Inc (Advanced Level)", vec!["Nia Quay@Verity Labs, Inc"]),
            (
                "Nia Quay, Staff Member, TIDE & Bo Pier, Software Engineer, Federal Harbor",
                vec!["Nia Quay@TIDE", "Bo Pier@Federal Harbor"],
            ),
            ("潮汐小店 王小明", vec!["王小明@潮汐小店"]),
            ("ハーバー 浜田さん", vec!["浜田@ハーバー"]),
            ("しおかぜ(@shio)さん", vec!["しおかぜ=shio"]),
            ("小笠原 康夫", vec!["小笠原 康夫"]),
            ("田中 康一郎", vec!["田中 康一郎"]),
            ("Will Example", vec!["Will Example"]),
            ("Ada Example, Tide R&D", vec!["Ada Example@Tide R&D"]),
            ("李海龍 (Ruddy 老師)", vec!["李海龍=Ruddy 老師"]),
            ("Ada Example. @ada", vec!["Ada Example=ada"]),
            ("浜田 海氏(@hama)と磯野 波氏", vec!["浜田 海=hama", "磯野 波"]),
            ("한바다 너울은행 CTO", vec!["한바다@너울은행"]),
            ("許海風 (Mike Sail)／DevOps, OpenTide", vec!["許海風=Mike Sail@OpenTide"]),
            ("Yuki \"Kit\" Example", vec!["Yuki \"Kit\" Example"]),
            ("Ada Example, Harborworks", vec!["Ada Example@Harborworks"]),
            ("Ada Example @ada", vec!["Ada Example=ada"]),
            ("Bob Example (Bo)", vec!["Bob Example=Bo"]),
            ("王港生（潮汐科技）", vec!["王港生@潮汐科技"]),
            ("許小浪，聯絡方式：wave@harbor.example", vec!["許小浪"]),
            ("Rocío Ejemplo y Tadeo Ruiz", vec!["Rocío Ejemplo", "Tadeo Ruiz"]),
            ("山田 花さん", vec!["山田 花"]),
            ("王小明[潮汐科技] @ming", vec!["王小明=ming@潮汐科技"]),
            ("@ming 王小明", vec!["王小明=ming"]),
            ("En Hao Example", vec!["En Hao Example"]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn how_sure_names_are() {
        for (text, name_confidence) in [
            ("林小範", NameConfidence::Strong),
            ("Peter Example", NameConfidence::Strong),
            ("Nia Example", NameConfidence::Medium),
            ("山里 七海", NameConfidence::Medium),
            ("smalltree", NameConfidence::Weak),
            ("Frameworks and More", NameConfidence::None),
            ("Zero Trust", NameConfidence::None),
            ("以 Night Ferry 為例", NameConfidence::None),
            ("The Hard Way", NameConfidence::None),
            ("Part 2", NameConfidence::None),
            ("TOW (Tide of Winter)", NameConfidence::None),
            ("1.28", NameConfidence::None),
            ("從零開始的旅程", NameConfidence::None),
            ("CI CD", NameConfidence::None),
            ("Harbor DevTools", NameConfidence::None),
            ("Healthcare President", NameConfidence::None),
            ("peter quill", NameConfidence::Weak),
            ("sail mending", NameConfidence::None),
            ("async/await in harbors", NameConfidence::None),
        ] {
            assert_eq!(People::parse(text).name_confidence, name_confidence, "{text}");
        }
    }
}
