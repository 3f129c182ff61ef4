//! The JSON Schema of the output: what a line must be to be valid.

use jsonschema::Validator;
use serde_json::Value;

use crate::util::project;

/// The schema that the repository ships.
pub(crate) fn validator() -> Validator {
    let schema = std::fs::read_to_string(project().join("schema/polidex.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap()
}

/// Fails where `line` is not what the schema says, or would be without one of its keys.
pub(crate) fn holds_every_key(validator: &Validator, line: &Value) {
    let errors: Vec<String> = validator.iter_errors(line).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?} in {line}");
    for key in line.as_object().unwrap().keys() {
        let mut broken = line.clone();
        broken.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&broken), "{line} is valid without {key}");
    }
}
