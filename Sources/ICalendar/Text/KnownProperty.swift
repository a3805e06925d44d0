/// The properties that are read into values. Whatever else there is stays in the text.
enum KnownProperty: String, CaseIterable, Sendable {
    case uid = "UID"
    case recurrenceID = "RECURRENCE-ID"
    case dtstart = "DTSTART"
    case dtend = "DTEND"
    case duration = "DURATION"
    case rrule = "RRULE"
    case exrule = "EXRULE"
    case rdate = "RDATE"
    case exdate = "EXDATE"
    case sequence = "SEQUENCE"
    case dtstamp = "DTSTAMP"
    case lastModified = "LAST-MODIFIED"
    case created = "CREATED"
    case dcreated = "DCREATED"
    case summary = "SUMMARY"
    case description = "DESCRIPTION"
    case alternativeDescription = "X-ALT-DESC"
    case location = "LOCATION"
    case status = "STATUS"
    case classification = "CLASS"
    case transparency = "TRANSP"
    case organizer = "ORGANIZER"
    case attendee = "ATTENDEE"
    case url = "URL"
    case conference = "CONFERENCE"
    case categories = "CATEGORIES"
    case color = "COLOR"
    case appleColor = "X-APPLE-CALENDAR-COLOR"
    case googleConference = "X-GOOGLE-CONFERENCE"
    case googleHangout = "X-GOOGLE-HANGOUT"
    case teamsURL = "X-MICROSOFT-SKYPETEAMSMEETINGURL"
    case onlineMeetingURL = "X-MICROSOFT-ONLINEMEETINGCONFLINK"
    case onlineMeetingExternalURL = "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK"
    case busyStatus = "X-MICROSOFT-CDO-BUSYSTATUS"
    case intendedStatus = "X-MICROSOFT-CDO-INTENDEDSTATUS"
    case allDay = "X-MICROSOFT-CDO-ALLDAYEVENT"
    case funambolAllDay = "X-FUNAMBOL-ALLDAY"
    case msncAllDay = "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT"
    case googleEventType = "X-GOOGLE-EVENT-TYPE"
    case kdeBirthday = "X-KDE-KABC-BIRTHDAY"
    case kdeAnniversary = "X-KDE-KABC-ANNIVERSARY"
    case nextcloudBirthday = "X-NEXTCLOUD-BC-FIELD-TYPE"

    /// Looks a name up without making a string of it.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var slot = Self.hash(bytes, range)
        while let candidate = Self.table[slot] {
            let name = candidate.rawValue
            if name.utf8.count == range.count,
                bytes.hasPrefix(name, at: range.lowerBound, before: range.upperBound)
            {
                self = candidate
                return
            }
            slot = (slot + 1) & Self.mask
        }
        return nil
    }

    /// More than five times as many places as names, so that a foreign name is refused at the first look.
    private static let mask = 255

    private static let table: [KnownProperty?] = {
        var table = [KnownProperty?](repeating: nil, count: mask + 1)
        for property in allCases {
            let name = [UInt8](property.rawValue.utf8)
            var slot = hash(name.span, 0..<name.count)
            while table[slot] != nil { slot = (slot + 1) & mask }
            table[slot] = property
        }
        return table
    }()

    private static func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for index in range { hash = (hash ^ UInt32(bytes[index].capital)) &* 16_777_619 }
        return Int((hash ^ hash >> 15) & UInt32(mask))
    }
}
