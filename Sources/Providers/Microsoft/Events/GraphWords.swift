import Entries

/// What the words of Graph mean. A word that is not known says nothing.
enum GraphWords {
    /// How the time of an event is shown.
    struct Shown: Equatable {
        var transparency: Transparency?
        var status: MeetingStatus?
        /// What it is where nobody else is invited: one may meet people out of the office.
        var kindAlone: EventKind?
    }

    static func shown(_ word: String?) -> Shown {
        switch word?.lowercased() {
        case "free": Shown(transparency: .transparent)
        case "tentative": Shown(transparency: .opaque, status: .tentative)
        case "busy": Shown(transparency: .opaque)
        case "oof": Shown(transparency: .opaque, kindAlone: .outOfOffice)
        case "workingelsewhere": Shown(transparency: .opaque, kindAlone: .workingLocation)
        default: Shown()
        }
    }

    /// What the owner of the calendar answered. Nobody was asked where it says `none`.
    static func ownResponse(_ word: String?) -> ResponseStatus? {
        word?.lowercased() == "none" ? nil : response(word)
    }

    static func response(_ word: String?) -> ResponseStatus? {
        switch word?.lowercased() {
        case "organizer", "accepted": .accepted
        case "tentativelyaccepted": .tentative
        case "declined": .declined
        case "none", "notresponded": .needsAction
        default: nil
        }
    }

    /// A word that is not known is private: better too little is shown than too much.
    static func privacy(_ word: String?) -> Privacy? {
        switch word?.lowercased() {
        case nil, "": nil
        case "normal": .normal
        case "confidential": .confidential
        default: .private
        }
    }
}
