//! What looking at a shop's page can find.

use super::word::words;

words! {
    /// Why the widget may not be seen on a page, or what is to be known about it there.
    CheckKind {
        /// The address leads into this machine's own networks.
        AddressPrivate = "address_private",
        /// The name leads to no server.
        NoSuchName = "no_such_name",
        /// The page's server takes no connection.
        NoAnswer = "no_answer",
        /// The page's server was reached, and its answer did not come, or not whole.
        AnswerCut = "answer_cut",
        /// The page's server does not prove who it is.
        NotTrusted = "not_trusted",
        /// The page leads elsewhere again and again.
        RedirectsTooMany = "redirects_too_many",
        /// The address leads to another page, and that one was looked at.
        Redirected = "redirected",
        /// The page is not shown to programs, which says nothing of people.
        Blocked = "blocked",
        /// The page is not there, or is broken.
        Status = "status",
        /// What came is no page.
        NotHtml = "not_html",
        /// The page is longer than what is read of it.
        TooLong = "too_long",
        /// No line of the widget.
        LineMissing = "line_missing",
        /// No line, but a tag manager, which may add it in the browser.
        TagManager = "tag_manager",
        /// The line is commented out.
        LineInComment = "line_in_comment",
        /// The line has a type that browsers do not run.
        LineInactive = "line_inactive",
        /// The address of the widget stands in another script, which may add the line in the browser.
        LineInScript = "line_in_script",
        /// A line with another key.
        OtherKey = "other_key",
        /// A line with another address.
        OtherAddress = "other_address",
        /// The page is encrypted and the line's address is not.
        MixedContent = "mixed_content",
        /// The page's policy forbids what the widget needs.
        Policy = "policy",
        /// The page's policy runs only scripts that carry its nonce.
        PolicyNonce = "policy_nonce",
        /// The page came from a cache.
        Cached = "cached",
        /// The widget is not allowed on this domain.
        DomainRefused = "domain_refused",
        /// The widget is hidden on pages with such an address.
        PageHidden = "page_hidden",
        /// The channel is switched off.
        SwitchedOff = "switched_off",
        /// The widget waits for the site's command `start`.
        WaitsForStart = "waits_for_start",
    }
}
