/// Words that make an address a task's and not a person's.
///
/// A list is never complete, and some of these are names somewhere. So it only keeps a proposal back, and the user can
/// still add the person.
enum RoleWords {
    static func areIn(_ local: String) -> Bool {
        let joined = local.filter { $0 != "." && $0 != "-" && $0 != "_" }
        if whole.contains(joined) { return true }
        return local.split { $0 == "." || $0 == "-" || $0 == "_" || $0 == "+" }.contains { parts.contains(String($0)) }
    }

    /// The whole address before the `@`, without its dots and dashes.
    private static let whole: Set<String> = [
        "abuse", "accounting", "accounts", "admin", "administrator", "alerts", "all", "anfrage", "billing", "booking",
        "bookings", "bounce", "bounces", "buchhaltung", "calendar", "careers", "compliance", "contact", "contacto",
        "customerservice", "donotreply", "email", "enquiries", "events", "everyone", "feedback", "finance", "hello",
        "help", "helpdesk", "hostmaster", "hr", "info", "inquiries", "invitations", "invoice", "invoices", "it", "jobs",
        "kontakt", "legal", "list", "mail", "mailerdaemon", "mailer", "marketing", "media", "news", "newsletter",
        "noc", "noreply", "notification", "notifications", "office", "orders", "payments", "postmaster", "presse",
        "press", "privacy", "procurement", "rechnung", "recruiting", "reservations", "root", "sales", "security",
        "service", "services", "staff", "subscribe", "support", "team", "unsubscribe", "updates", "verwaltung",
        "webinar", "webmaster", "www",
    ]

    /// Any one word of it.
    private static let parts: Set<String> = [
        "alerts", "bot", "bounce", "bounces", "daemon", "donotreply", "helpdesk", "info", "mailer", "newsletter",
        "noreply", "notification", "notifications", "reply", "sales", "support", "unsubscribe",
    ]
}
