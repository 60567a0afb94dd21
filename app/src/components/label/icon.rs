//! Icons: Lucide's drawings, inline, through one component.

use icondata_core::Icon as IconData;
use leptos::prelude::*;

/// The icons in use, under the names of what they stand for here.
pub mod icons {
    use icondata_core::IconData;
    use icondata_lu as lu;

    macro_rules! icons {
        ($($name:ident = $icon:ident),* $(,)?) => {
            $(#[doc = stringify!($icon)] pub static $name: &IconData = lu::$icon;)*
        };
    }

    icons! {
        ACCOUNT = LuServer, ADD = LuPlus, ANCHOR = LuAnchor, ATTACH = LuLink, AUDIT = LuScrollText, AUTO = LuMonitor,
        BAD = LuCircleX, BACK = LuChevronLeft, CHANGES = LuGitCommitHorizontal, CHECK = LuCheck, CLOSE = LuX, CLOCK = LuClock, COMFORTABLE = LuRows3,
        COMPACT = LuRows4, COPY = LuCopy, DARK = LuMoon, DELETE = LuTrash2, DETACH = LuUnlink, DOWN = LuChevronDown,
        DOWNLOAD = LuDownload, EDIT = LuPencil, FILTER = LuListFilter, FORWARD = LuChevronRight, GOOD = LuCircleCheck, HELP = LuCircleHelp,
        IDLE = LuCircleDashed, INFO = LuInfo, JOBS = LuListChecks, JSON = LuBraces, LIGHT = LuSun, LOCK = LuLock,
        MENU = LuMenu, MINUS = LuMinus, ORGANIZATION = LuNetwork, OU = LuFolder, OVERVIEW = LuHouse,
        PENDING = LuClock, POLICY = LuFileText, REFRESH = LuRefreshCw, ROOT = LuBuilding2, RUNNING = LuLoaderCircle,
        SAVE = LuSave, SEARCH = LuSearch, SETTINGS = LuSettings, PERSON = LuUser, SIGN_OUT = LuLogOut, TEAM = LuUsers, KEY = LuKeyRound, PASSKEY = LuFingerprint, LAPTOP = LuLaptop, STOPPED = LuCircleSlash,
        UNDO = LuUndo2, WARN = LuTriangleAlert,
    }
}

/// One icon of [`icons`], hidden from screen readers: the words beside it, or the control's label, say what it means.
/// The only place that sets inner HTML; what it sets is compiled in.
#[component]
pub fn Icon(
    /// Which.
    icon: IconData,
    /// Edge in pixels.
    #[prop(default = 16)]
    size: u8,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            width=size.to_string()
            height=size.to_string()
            viewBox=icon.view_box.unwrap_or("0 0 24 24")
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            inner_html=icon.data
        ></svg>
    }
}
