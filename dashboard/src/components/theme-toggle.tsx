/** Chooses the theme: the system's, light or dark; kept in the browser. */
import { Monitor, Moon, Sun } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import { type ReactNode, useEffect } from 'react';
import { useStored } from '../hooks/use-stored.ts';
import { parseTheme, THEME_KEY, type ThemeChoice } from '../model/theme.ts';

const CHOICES = [
  { theme: 'system', label: 'System theme', Icon: Monitor },
  { theme: 'light', label: 'Light theme', Icon: Sun },
  { theme: 'dark', label: 'Dark theme', Icon: Moon },
] as const;

/** Puts a choice on the document; the stylesheet does the rest. */
export function applyTheme(theme: ThemeChoice): void {
  document.documentElement.setAttribute('data-theme', theme);
}

/** The three choices. */
export function ThemeToggle(): ReactNode {
  const [stored, store] = useStored(THEME_KEY);
  const theme = parseTheme(stored);
  useEffect(() => applyTheme(theme), [theme]);
  return (
    <ToggleGroup.Root
      type="single"
      className="toggle-group"
      aria-label="Theme"
      value={theme}
      onValueChange={(value) => {
        if (value !== '') store(value);
      }}
    >
      {CHOICES.map(({ theme: value, label, Icon }) => (
        <ToggleGroup.Item key={value} value={value} aria-label={label} title={label}>
          <Icon size={15} aria-hidden="true" />
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
