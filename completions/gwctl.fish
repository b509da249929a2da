# fish completion of gwctl(8)

function __gwctl_words
	set -l words (commandline -opc)
	set -l cur (commandline -ct)
	set -l program $words[1]
	set -e words[1]
	for line in (timeout 2 $program --complete -- $words $cur 2>/dev/null)
		switch $line
			case \t'*'
				set -l lead (string match -r '^[^=]*=' -- $cur; or echo)
				for f in (__fish_complete_path (string replace -r '^[^=]*=' '' -- $cur))
					string match -q '*files' -- $line; or string match -q '*/*' -- $f; or continue
					echo -- $lead$f
				end
			case '*'
				echo -- $line
		end
	end
end
complete -c gwctl -f -a '(__gwctl_words)'
