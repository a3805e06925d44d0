import Entries
import Sync

/// The names of the rules in words, as lists and explanations show them.
enum RuleWords {
    static func skip(_ rule: SkipRule) -> String {
        switch rule {
        case .nobodyKnown: "nobody in it is known"
        case .declined: "you declined it"
        case .cancelled: "it was cancelled"
        case .withdrawn: "no calendar shows it any more"
        case .allDay: "it lasts whole days"
        case .withoutOthers: "nobody else is in it"
        case .workingLocation: "it is a working location"
        case .focusTime: "it is focus time"
        case .outOfOffice: "it is an absence"
        case .birthday: "it is a birthday"
        case .reservation: "it is a reservation"
        case .busy: "it only says busy"
        case .private: "it is private"
        case .onlyResources: "only rooms, things and lists are in it"
        case .onlyOwnAddresses: "only you are in it"
        case .autoLogOff: "logging is switched off for its calendar"
        case .beforeAutoLog: "it is older than the start of logging"
        case .lowConfidence: "the matches are too unsure"
        case .hiddenDuplicate: "another meeting stands for it"
        case .retractedByHand: "it was retracted by hand"
        case .otherKind: "it is no meeting"
        }
    }

    static func match(_ rule: MatchRule) -> String {
        switch rule {
        case .emailExact: "same address"
        case .emailNormalized: "same address in another form"
        case .nameExact: "same full name"
        case .namePartial: "only person of this first name"
        case .nameFuzzy: "nearly the same name"
        case .manual: "by hand"
        }
    }

    static func match(_ raw: String?) -> String? { raw.map { text in MatchRule(rawValue: text).map(match) ?? text } }

    static func attendee(_ rule: LogRules.AttendeeRule) -> String {
        switch rule {
        case .ownAddress: "you"
        case .resource: "a room or a thing"
        case .group: "a list of people"
        case .excluded: "excluded by hand"
        case .declined: "declined the invitation"
        case .suggested: "somebody is suggested, and not confirmed"
        case .ambiguous: "several people fit, and none is guessed"
        case .unknown: "nobody known has this address or name"
        case .rejected: "who fits was rejected by hand"
        case .lowConfidence: "the match is too unsure to log"
        case .notDecided: "not looked at yet"
        }
    }

    static func retraction(_ reason: RetractionReason) -> String {
        switch reason {
        case .cancelled: "the meeting was cancelled"
        case .withdrawn: "no calendar shows the meeting any more"
        case .declined: "declined"
        case .turnedPrivate: "the meeting became private"
        case .attendeeRemoved: "the person is not in the meeting any more"
        case .unmatched: "the address is nobody known any more"
        case .merged: "merged into another activity"
        case .byHand: "by hand"
        case .personRemoved: "the person was removed"
        case .excluded: "excluded"
        case .duplicate: "another meeting stands for it"
        case .erased: "erased"
        case .postponed: "the meeting was put off"
        }
    }

    static func withdrawal(_ reason: String) -> String {
        switch reason {
        case "deleted": "deleted in the calendar"
        case "cancelled": "cancelled in the calendar"
        case "absent": "missing in two readings"
        case "series_changed": "the series changed"
        case "series_withdrawn": "the series is gone"
        case "moved_away": "moved out of what is read"
        case "by_hand": "removed by hand"
        case "calendar_dropped": "the calendar is not read any more"
        case "connection_removed": "the connection was removed"
        default: reason
        }
    }

    static func response(_ response: ResponseStatus) -> String {
        switch response {
        case .accepted: "accepted"
        case .declined: "declined"
        case .tentative: "perhaps"
        case .needsAction: "no answer yet"
        }
    }
}
