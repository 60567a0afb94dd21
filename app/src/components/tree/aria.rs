//! What leptos's list of ARIA attributes lacks.

use leptos::{
    attr::{
        AttributeValue,
        custom::{CustomAttr, custom_attribute},
    },
    tachys::view::add_attr::AddAnyAttr,
};

/// `aria-level`: bring it into scope to write `aria-level=` in a view.
pub trait AriaLevel<V: AttributeValue>: Sized + AddAnyAttr {
    /// How deep an element stands in a tree, from 1.
    fn aria_level(self, value: V) -> <Self as AddAnyAttr>::Output<CustomAttr<&'static str, V>> {
        self.add_any_attr(custom_attribute("aria-level", value))
    }
}

impl<T: AddAnyAttr, V: AttributeValue> AriaLevel<V> for T {}
