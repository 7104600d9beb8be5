//! Who may call, from where, what, and for whom. `gate` asks all of it, before any handler runs; `access` is the table.

mod access;
mod assertion;
mod claims;
mod crypto;
mod customers;
mod gate;
mod identity;
mod jwks;
mod page;
mod refusal;
mod role;
mod session;
mod token;
mod trusted;

pub use access::{Access, Found, Least, Secret, Whose, find as access_of};
pub use claims::{ClaimName, ClaimNames};
pub use customers::Customers;
pub use gate::{Gate, guard};
pub use identity::{Caller, Shown};
pub use role::{Role, RoleNames};
pub use session::{Exchange, NAME as SESSION_COOKIE, Sessions, Ticket, clear_cookie, cookie, spent};
pub use token::algorithms;
pub use trusted::Trusted;
