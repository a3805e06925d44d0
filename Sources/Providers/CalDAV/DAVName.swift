import XML

/// The names that the protocols use, by whose they are.
extension XMLName {
    static func dav(_ local: String) -> XMLName { XMLName(DAVNamespace.dav, local) }
    static func caldav(_ local: String) -> XMLName { XMLName(DAVNamespace.caldav, local) }
    static func carddav(_ local: String) -> XMLName { XMLName(DAVNamespace.carddav, local) }
    /// Of Apple's calendar server, which others took over.
    static func server(_ local: String) -> XMLName { XMLName(DAVNamespace.server, local) }
    /// Of Apple's calendar program.
    static func apple(_ local: String) -> XMLName { XMLName(DAVNamespace.apple, local) }
}

enum DAVNamespace {
    static let dav = "DAV:"
    static let caldav = "urn:ietf:params:xml:ns:caldav"
    static let carddav = "urn:ietf:params:xml:ns:carddav"
    static let server = "http://calendarserver.org/ns/"
    static let apple = "http://apple.com/ns/ical/"

    static let prefixes = [dav: "D", caldav: "C", carddav: "A", server: "S", apple: "I"]
}
