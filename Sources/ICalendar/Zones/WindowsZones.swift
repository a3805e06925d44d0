// Made by tools/zones/windows.py from windowsZones.xml of the Unicode Common Locale Data Repository,
// © 1991-2022 Unicode, Inc., under the Unicode licence. Change the script, not this file.

/// The names that Windows gives time zones, the texts that it shows for them, and the zones they are.
enum WindowsZones {
    /// One zone in a row: its name, what is shown, and the name in the IANA database.
    static let rows = """
        AUS Central Standard Time|(UTC+09:30) Darwin|Australia/Darwin
        AUS Eastern Standard Time|(UTC+10:00) Canberra, Melbourne, Sydney|Australia/Sydney
        Afghanistan Standard Time|(UTC+04:30) Kabul|Asia/Kabul
        Alaskan Standard Time|(UTC-09:00) Alaska|America/Anchorage
        Aleutian Standard Time|(UTC-10:00) Aleutian Islands|America/Adak
        Altai Standard Time|(UTC+07:00) Barnaul, Gorno-Altaysk|Asia/Barnaul
        Arab Standard Time|(UTC+03:00) Kuwait, Riyadh|Asia/Riyadh
        Arabian Standard Time|(UTC+04:00) Abu Dhabi, Muscat|Asia/Dubai
        Arabic Standard Time|(UTC+03:00) Baghdad|Asia/Baghdad
        Argentina Standard Time|(UTC-03:00) City of Buenos Aires|America/Buenos_Aires
        Astrakhan Standard Time|(UTC+04:00) Astrakhan, Ulyanovsk|Europe/Astrakhan
        Atlantic Standard Time|(UTC-04:00) Atlantic Time (Canada)|America/Halifax
        Aus Central W. Standard Time|(UTC+08:45) Eucla|Australia/Eucla
        Azerbaijan Standard Time|(UTC+04:00) Baku|Asia/Baku
        Azores Standard Time|(UTC-01:00) Azores|Atlantic/Azores
        Bahia Standard Time|(UTC-03:00) Salvador|America/Bahia
        Bangladesh Standard Time|(UTC+06:00) Dhaka|Asia/Dhaka
        Belarus Standard Time|(UTC+03:00) Minsk|Europe/Minsk
        Bougainville Standard Time|(UTC+11:00) Bougainville Island|Pacific/Bougainville
        Canada Central Standard Time|(UTC-06:00) Saskatchewan|America/Regina
        Cape Verde Standard Time|(UTC-01:00) Cabo Verde Is.|Atlantic/Cape_Verde
        Caucasus Standard Time|(UTC+04:00) Yerevan|Asia/Yerevan
        Cen. Australia Standard Time|(UTC+09:30) Adelaide|Australia/Adelaide
        Central America Standard Time|(UTC-06:00) Central America|America/Guatemala
        Central Asia Standard Time|(UTC+06:00) Astana|Asia/Almaty
        Central Brazilian Standard Time|(UTC-04:00) Cuiaba|America/Cuiaba
        Central Europe Standard Time|(UTC+01:00) Belgrade, Bratislava, Budapest, Ljubljana, Prague|Europe/Budapest
        Central European Standard Time|(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb|Europe/Warsaw
        Central Pacific Standard Time|(UTC+11:00) Solomon Is., New Caledonia|Pacific/Guadalcanal
        Central Standard Time|(UTC-06:00) Central Time (US & Canada)|America/Chicago
        Central Standard Time (Mexico)|(UTC-06:00) Guadalajara, Mexico City, Monterrey|America/Mexico_City
        Chatham Islands Standard Time|(UTC+12:45) Chatham Islands|Pacific/Chatham
        China Standard Time|(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi|Asia/Shanghai
        Cuba Standard Time|(UTC-05:00) Havana|America/Havana
        Dateline Standard Time|(UTC-12:00) International Date Line West|Etc/GMT+12
        E. Africa Standard Time|(UTC+03:00) Nairobi|Africa/Nairobi
        E. Australia Standard Time|(UTC+10:00) Brisbane|Australia/Brisbane
        E. Europe Standard Time|(UTC+02:00) Chisinau|Europe/Chisinau
        E. South America Standard Time|(UTC-03:00) Brasilia|America/Sao_Paulo
        Easter Island Standard Time|(UTC-06:00) Easter Island|Pacific/Easter
        Eastern Standard Time|(UTC-05:00) Eastern Time (US & Canada)|America/New_York
        Eastern Standard Time (Mexico)|(UTC-05:00) Chetumal|America/Cancun
        Egypt Standard Time|(UTC+02:00) Cairo|Africa/Cairo
        Ekaterinburg Standard Time|(UTC+05:00) Ekaterinburg|Asia/Yekaterinburg
        FLE Standard Time|(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius|Europe/Kiev
        Fiji Standard Time|(UTC+12:00) Fiji|Pacific/Fiji
        GMT Standard Time|(UTC+00:00) Dublin, Edinburgh, Lisbon, London|Europe/London
        GTB Standard Time|(UTC+02:00) Athens, Bucharest|Europe/Bucharest
        Georgian Standard Time|(UTC+04:00) Tbilisi|Asia/Tbilisi
        Greenland Standard Time|(UTC-03:00) Greenland|America/Godthab
        Greenwich Standard Time|(UTC+00:00) Monrovia, Reykjavik|Atlantic/Reykjavik
        Haiti Standard Time|(UTC-05:00) Haiti|America/Port-au-Prince
        Hawaiian Standard Time|(UTC-10:00) Hawaii|Pacific/Honolulu
        India Standard Time|(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi|Asia/Calcutta
        Iran Standard Time|(UTC+03:30) Tehran|Asia/Tehran
        Israel Standard Time|(UTC+02:00) Jerusalem|Asia/Jerusalem
        Jordan Standard Time|(UTC+02:00) Amman|Asia/Amman
        Kaliningrad Standard Time|(UTC+02:00) Kaliningrad|Europe/Kaliningrad
        Kamchatka Standard Time|(UTC+12:00) Petropavlovsk-Kamchatsky - Old|Asia/Kamchatka
        Korea Standard Time|(UTC+09:00) Seoul|Asia/Seoul
        Libya Standard Time|(UTC+02:00) Tripoli|Africa/Tripoli
        Line Islands Standard Time|(UTC+14:00) Kiritimati Island|Pacific/Kiritimati
        Lord Howe Standard Time|(UTC+10:30) Lord Howe Island|Australia/Lord_Howe
        Magadan Standard Time|(UTC+11:00) Magadan|Asia/Magadan
        Magallanes Standard Time|(UTC-03:00) Punta Arenas|America/Punta_Arenas
        Marquesas Standard Time|(UTC-09:30) Marquesas Islands|Pacific/Marquesas
        Mauritius Standard Time|(UTC+04:00) Port Louis|Indian/Mauritius
        Mid-Atlantic Standard Time|(UTC-02:00) Mid-Atlantic - Old|Etc/GMT+2
        Middle East Standard Time|(UTC+02:00) Beirut|Asia/Beirut
        Montevideo Standard Time|(UTC-03:00) Montevideo|America/Montevideo
        Morocco Standard Time|(UTC+01:00) Casablanca|Africa/Casablanca
        Mountain Standard Time|(UTC-07:00) Mountain Time (US & Canada)|America/Denver
        Mountain Standard Time (Mexico)|(UTC-07:00) Chihuahua, La Paz, Mazatlan|America/Chihuahua
        Myanmar Standard Time|(UTC+06:30) Yangon (Rangoon)|Asia/Rangoon
        N. Central Asia Standard Time|(UTC+07:00) Novosibirsk|Asia/Novosibirsk
        Namibia Standard Time|(UTC+02:00) Windhoek|Africa/Windhoek
        Nepal Standard Time|(UTC+05:45) Kathmandu|Asia/Katmandu
        New Zealand Standard Time|(UTC+12:00) Auckland, Wellington|Pacific/Auckland
        Newfoundland Standard Time|(UTC-03:30) Newfoundland|America/St_Johns
        Norfolk Standard Time|(UTC+11:00) Norfolk Island|Pacific/Norfolk
        North Asia East Standard Time|(UTC+08:00) Irkutsk|Asia/Irkutsk
        North Asia Standard Time|(UTC+07:00) Krasnoyarsk|Asia/Krasnoyarsk
        North Korea Standard Time|(UTC+09:00) Pyongyang|Asia/Pyongyang
        Omsk Standard Time|(UTC+06:00) Omsk|Asia/Omsk
        Pacific SA Standard Time|(UTC-04:00) Santiago|America/Santiago
        Pacific Standard Time|(UTC-08:00) Pacific Time (US & Canada)|America/Los_Angeles
        Pacific Standard Time (Mexico)|(UTC-08:00) Baja California|America/Tijuana
        Pakistan Standard Time|(UTC+05:00) Islamabad, Karachi|Asia/Karachi
        Paraguay Standard Time|(UTC-04:00) Asuncion|America/Asuncion
        Qyzylorda Standard Time|(UTC+05:00) Qyzylorda|Asia/Qyzylorda
        Romance Standard Time|(UTC+01:00) Brussels, Copenhagen, Madrid, Paris|Europe/Paris
        Russia Time Zone 10|(UTC+11:00) Chokurdakh|Asia/Srednekolymsk
        Russia Time Zone 11|(UTC+12:00) Anadyr, Petropavlovsk-Kamchatsky|Asia/Kamchatka
        Russia Time Zone 3|(UTC+04:00) Izhevsk, Samara|Europe/Samara
        Russian Standard Time|(UTC+03:00) Moscow, St. Petersburg|Europe/Moscow
        SA Eastern Standard Time|(UTC-03:00) Cayenne, Fortaleza|America/Cayenne
        SA Pacific Standard Time|(UTC-05:00) Bogota, Lima, Quito, Rio Branco|America/Bogota
        SA Western Standard Time|(UTC-04:00) Georgetown, La Paz, Manaus, San Juan|America/La_Paz
        SE Asia Standard Time|(UTC+07:00) Bangkok, Hanoi, Jakarta|Asia/Bangkok
        Saint Pierre Standard Time|(UTC-03:00) Saint Pierre and Miquelon|America/Miquelon
        Sakhalin Standard Time|(UTC+11:00) Sakhalin|Asia/Sakhalin
        Samoa Standard Time|(UTC+13:00) Samoa|Pacific/Apia
        Sao Tome Standard Time|(UTC+00:00) Sao Tome|Africa/Sao_Tome
        Saratov Standard Time|(UTC+04:00) Saratov|Europe/Saratov
        Singapore Standard Time|(UTC+08:00) Kuala Lumpur, Singapore|Asia/Singapore
        South Africa Standard Time|(UTC+02:00) Harare, Pretoria|Africa/Johannesburg
        South Sudan Standard Time|(UTC+02:00) Juba|Africa/Juba
        Sri Lanka Standard Time|(UTC+05:30) Sri Jayawardenepura|Asia/Colombo
        Sudan Standard Time|(UTC+02:00) Khartoum|Africa/Khartoum
        Syria Standard Time|(UTC+02:00) Damascus|Asia/Damascus
        Taipei Standard Time|(UTC+08:00) Taipei|Asia/Taipei
        Tasmania Standard Time|(UTC+10:00) Hobart|Australia/Hobart
        Tocantins Standard Time|(UTC-03:00) Araguaina|America/Araguaina
        Tokyo Standard Time|(UTC+09:00) Osaka, Sapporo, Tokyo|Asia/Tokyo
        Tomsk Standard Time|(UTC+07:00) Tomsk|Asia/Tomsk
        Tonga Standard Time|(UTC+13:00) Nuku'alofa|Pacific/Tongatapu
        Transbaikal Standard Time|(UTC+09:00) Chita|Asia/Chita
        Turkey Standard Time|(UTC+03:00) Istanbul|Europe/Istanbul
        Turks And Caicos Standard Time|(UTC-05:00) Turks and Caicos|America/Grand_Turk
        US Eastern Standard Time|(UTC-05:00) Indiana (East)|America/Indianapolis
        US Mountain Standard Time|(UTC-07:00) Arizona|America/Phoenix
        UTC|(UTC) Coordinated Universal Time|Etc/UTC
        UTC+12|(UTC+12:00) Coordinated Universal Time+12|Etc/GMT-12
        UTC+13|(UTC+13:00) Coordinated Universal Time+13|Etc/GMT-13
        UTC-02|(UTC-02:00) Coordinated Universal Time-02|Etc/GMT+2
        UTC-08|(UTC-08:00) Coordinated Universal Time-08|Etc/GMT+8
        UTC-09|(UTC-09:00) Coordinated Universal Time-09|Etc/GMT+9
        UTC-11|(UTC-11:00) Coordinated Universal Time-11|Etc/GMT+11
        Ulaanbaatar Standard Time|(UTC+08:00) Ulaanbaatar|Asia/Ulaanbaatar
        Venezuela Standard Time|(UTC-04:00) Caracas|America/Caracas
        Vladivostok Standard Time|(UTC+10:00) Vladivostok|Asia/Vladivostok
        Volgograd Standard Time|(UTC+04:00) Volgograd|Europe/Volgograd
        W. Australia Standard Time|(UTC+08:00) Perth|Australia/Perth
        W. Central Africa Standard Time|(UTC+01:00) West Central Africa|Africa/Lagos
        W. Europe Standard Time|(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna|Europe/Berlin
        W. Mongolia Standard Time|(UTC+07:00) Hovd|Asia/Hovd
        West Asia Standard Time|(UTC+05:00) Ashgabat, Tashkent|Asia/Tashkent
        West Bank Standard Time|(UTC+02:00) Gaza, Hebron|Asia/Hebron
        West Pacific Standard Time|(UTC+10:00) Guam, Port Moresby|Pacific/Port_Moresby
        Yakutsk Standard Time|(UTC+09:00) Yakutsk|Asia/Yakutsk
        Yukon Standard Time|(UTC-07:00) Yukon|America/Whitehorse
        """
}
