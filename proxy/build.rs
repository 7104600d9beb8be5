//! Has cargo notice a migration that is new: the macro that embeds them only sees those it knew before.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
