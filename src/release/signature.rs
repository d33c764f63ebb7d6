//! The signature of `SHA256SUMS`, in the format of minisign.

use std::io::Cursor;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minisign::{PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};

use super::sums::SUMS;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::disk;
use crate::snapshot::EditionSnapshot;

/// Name of the signature file: [`SUMS`] with the extension that minisign expects.
pub const SIGNATURE: &str = "SHA256SUMS.minisig";

/// Largest key file that is read, in bytes.
const MAX_KEY: u64 = 1 << 16;

/// A key that signs releases.
#[derive(Clone)]
pub struct SigningKey {
    key: SecretKey,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey")
    }
}

impl SigningKey {
    /// Reads a secret key of minisign. Without a password, the key must not be encrypted.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if the file cannot be read, is not a secret key, or cannot be decrypted with the password.
    pub fn read(path: &Path, password: Option<String>) -> Result<Self, Diagnostics> {
        let text = read_key(path, "minisign -G")?;
        let secret = |text: &str| SecretKeyBox::from_string(text);
        let refused = |reason: String| {
            let message = format!("\"{}\" cannot sign: {reason}", path.display());
            Diagnostic::new(code::SIGNING_KEY, message).hint("write a pair of keys with `minisign -G`, and give its secret key")
        };
        let boxed = secret(&text).map_err(|error| refused(error.to_string()))?;
        let key = match password {
            Some(password) => boxed.into_secret_key(Some(password)),
            None => without_checksum(&text).map_or_else(|| boxed.into_unencrypted_secret_key(), Ok),
        };
        match key {
            Ok(key) if !key.is_encrypted() => Ok(Self { key }),
            Ok(_) => Err(refused("it has a password".into()).hint(HINT_PASSWORD).into()),
            Err(error) => Err(refused(error.to_string()).hint(HINT_PASSWORD).into()),
        }
    }
}

/// Reads a key without password whose checksum is missing: minisign 0.11 writes such keys. Returns `None` for other keys.
fn without_checksum(text: &str) -> Option<SecretKey> {
    let bytes = STANDARD.decode(text.lines().nth(1)?.trim()).ok()?;
    // Bytes 2 and 3 name the key derivation function, 0 for none; the last 32 bytes are the checksum.
    let is_bare = bytes.get(2..4)? == [0; 2] && bytes.iter().rev().take(32).all(|byte| *byte == 0);
    SecretKey::from_bytes(&bytes).ok().filter(|_| is_bare)
}

const HINT_PASSWORD: &str = "set the environment variable RELIURE_SIGN_PASSWORD to the password of the key";

/// Signs the sums of a release. The time in the comment is the date of the edition, so that it does not depend on the clock.
///
/// # Errors
///
/// Returns a diagnostic if the key cannot sign.
pub fn sign(key: &SigningKey, sums: &[u8], edition: &EditionSnapshot) -> Result<String, Diagnostics> {
    let inspection = &edition.inspection;
    let date = &inspection.edition.date;
    let comment = format!("timestamp:{}\tfile:{SUMS}\tedition:{}\thashed", timestamp(date), inspection.artefact);
    let untrusted = format!("signature of {} by reliure", inspection.artefact);
    let signed = minisign::sign(None, &key.key, Cursor::new(sums), Some(&comment), Some(&untrusted));
    signed.map(|signature| signature.to_string()).map_err(|error| {
        let message = format!("the release cannot be signed: {error}");
        Diagnostic::new(code::SIGNING_KEY, message).hint("write a new pair of keys with `minisign -G`").into()
    })
}

/// Verifies the signature of sums with a public key, and returns its trusted comment.
///
/// # Errors
///
/// Returns a diagnostic if the key cannot be read, or if it did not sign these sums.
pub fn verify(key: &Path, sums: &[u8], signature: &[u8]) -> Result<String, Diagnostics> {
    let text = read_key(key, "minisign -G")?;
    let unusable = |error: String| {
        let message = format!("\"{}\" is not a public key of minisign: {error}", key.display());
        Diagnostic::new(code::SIGNING_KEY, message).hint("give the public key file of the publisher, such as minisign.pub")
    };
    let public = PublicKeyBox::from_string(&text).and_then(PublicKeyBox::into_public_key);
    let public = public.map_err(|error| unusable(error.to_string()))?;
    let refused = |reason: String| {
        let message = format!("{SIGNATURE} is not valid: {reason}");
        Diagnostic::new(code::SIGNATURE, message)
            .hint("ask the publisher for the public key and a copy of the release through another channel")
    };
    let signature = String::from_utf8_lossy(signature);
    let signature = SignatureBox::from_string(&signature).map_err(|error| refused(error.to_string()))?;
    minisign::verify(&public, &signature, Cursor::new(sums), true, false, false).map_err(|error| refused(error.to_string()))?;
    Ok(signature.trusted_comment().map_err(|error| refused(error.to_string()))?)
}

fn read_key(path: &Path, command: &str) -> Result<String, Diagnostics> {
    let bytes = disk::read_regular(path, MAX_KEY).and_then(|bytes| String::from_utf8(bytes).ok());
    bytes.ok_or_else(|| {
        let message = format!("the key \"{}\" cannot be read", path.display());
        Diagnostic::new(code::SIGNING_KEY, message).hint(format!("give a file that `{command}` writes")).into()
    })
}

/// Returns the seconds from 1970 to the start of a date (ISO 8601: year, month and, if known, day) in UTC.
fn timestamp(date: &str) -> i64 {
    let mut parts = date.split('-').map(|part| part.parse::<i64>().unwrap_or(1));
    let (year, month, day) = (parts.next().unwrap_or(1970), parts.next().unwrap_or(1), parts.next().unwrap_or(1));
    // Howard Hinnant, `days_from_civil`: the year starts in March, so that a leap day is its last day.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era - 719_468) * 86_400
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_seconds_since_1970() {
        assert_eq!(timestamp("1970-01-01"), 0);
        assert_eq!(timestamp("2000-02-29"), 951_782_400);
        assert_eq!(timestamp("2023-12"), 1_701_388_800);
    }
}
