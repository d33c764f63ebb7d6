//! Folders and files in the folder of sources that look like publications but are not built.

use super::Workspace;
use crate::diagnostic::{Diagnostic, Diagnostics, code};

/// Number of levels of folders that are searched.
const MAX_DEPTH: usize = 5;

/// The files that make a folder a publication or a series.
const MANIFESTS: [&str; 2] = ["publication.toml", "series.toml"];

impl Workspace {
    /// Reports publications that are nested too deeply, folders with texts but without a manifest, and manifests with wrong
    /// names.
    pub fn unbuilt(&self) -> Diagnostics {
        let mut found = Diagnostics::default();
        let sources = &self.config.sources;
        for folder in self.root.folders(sources) {
            self.unbuilt_folder(&folder, 1, &mut found);
        }
        self.misnamed(sources, &mut found);
        found
    }

    fn unbuilt_folder(&self, folder: &str, depth: usize, found: &mut Diagnostics) {
        if self.is_home(folder) {
            self.misnamed(folder, found);
            return;
        }
        if self.root.is_file(&format!("{folder}/publication.toml")) {
            found.extend(self.too_deep(folder).into_iter().collect());
            return;
        }
        let misnamed = self.misnamed(folder, found);
        let names = self.root.names(folder);
        let is_text = |name: &String| {
            name.to_lowercase().strip_suffix(".md").is_some_and(|stem| !matches!(stem, "readme" | "license" | "changelog"))
        };
        if !misnamed && names.iter().any(is_text) {
            let message = format!("the folder \"{folder}\" is not built: it has texts, but no publication.toml");
            let hint = "copy the publication.toml of another publication into it and change its uuid, or move the texts into a publication";
            found.push(Diagnostic::new(code::UNBUILT, message).hint(hint));
        }
        if depth < MAX_DEPTH {
            self.root.folders(folder).iter().for_each(|inner| self.unbuilt_folder(inner, depth + 1, found));
        }
    }

    fn is_home(&self, folder: &str) -> bool {
        self.homes.values().any(|home| home.folder == folder)
    }

    /// Returns the diagnostic for a publication that is below the folder of a series. Returns `None` for a folder at the right
    /// depth, which is not built because another one has its name.
    fn too_deep(&self, folder: &str) -> Option<Diagnostic> {
        let inner = folder.strip_prefix(&self.config.sources).unwrap_or(folder).trim_start_matches('/');
        let (first, last) = (inner.split('/').next().unwrap_or_default(), inner.rsplit('/').next().unwrap_or_default());
        let parent = format!("{}/{first}", self.config.sources);
        // A folder inside a publication is not a series.
        let (target, rule) = match self.is_home(&parent) {
            true => (format!("{}/{last}", self.config.sources), "a publication cannot contain another"),
            false => (format!("{parent}/{last}"), "publications are in the folder of sources or of a series"),
        };
        let message = format!("the folder \"{folder}\" is not built: it is too deep");
        (target != folder).then(|| Diagnostic::new(code::UNBUILT, message).hint(format!("move it to \"{target}\": {rule}")))
    }

    /// Reports files whose name resembles the name of a manifest. Returns whether there are any.
    fn misnamed(&self, folder: &str, found: &mut Diagnostics) -> bool {
        let names = self.root.names(folder);
        let mut any = false;
        for name in names.iter().filter(|name| name.to_lowercase().ends_with(".toml") && !MANIFESTS.contains(&name.as_str())) {
            let lower = name.to_lowercase();
            let near = MANIFESTS.into_iter().find(|right| strsim::osa_distance(&lower, right) <= 2);
            // A file system that ignores case reads the file.
            if let Some(right) = near.filter(|right| !self.root.is_file(&format!("{folder}/{right}"))) {
                let message = format!("the file \"{folder}/{name}\" is not read: its name is not \"{right}\"");
                found.push(Diagnostic::new(code::UNBUILT, message).hint(format!("rename it to {right}")));
                any = true;
            }
        }
        any
    }
}
